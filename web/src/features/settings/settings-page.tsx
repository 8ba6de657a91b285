/** What the person can set, and what is kept of them. */
import { Settings2 } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function SettingsPage() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={Settings2} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
