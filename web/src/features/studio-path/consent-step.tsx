/** The first step of the path: the person agrees, in their own voice. */
import { ShieldCheck } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function ConsentStep() {
  const t = useWords();
  return (
    <Page title={t("consent.title")} lead={t("consent.lead")}>
      <EmptyState icon={ShieldCheck} title={t("consent.emptyTitle")} text={t("consent.emptyText")} />
    </Page>
  );
}
