/** The clones of the person who is signed in, and the way to a new one. */
import { Hammer } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function StudioPage() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={Hammer} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
