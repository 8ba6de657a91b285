/** The step of the path on which the face is made. */
import { ScanFace } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function FaceStep() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState icon={ScanFace} title={t("emptyTitle")} text={t("emptyText")} />
    </Page>
  );
}
