/** The step of the path on which the clone learns how to speak. */
import { MessageCircle } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function MannerStep() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={MessageCircle} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
