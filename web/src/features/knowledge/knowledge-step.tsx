/** The step of the path on which the clone is told what it knows. */
import { BookOpen } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function KnowledgeStep() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={BookOpen} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
