/** How the server does, for whoever runs it. */
import { Activity } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function OperationsPage() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={Activity} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
