/** The step of the path on which the voice is made. */
import { AudioLines } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function VoiceStep() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={AudioLines} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
