import { Compass } from "lucide-react";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useAppWords } from "../words";

export default function MissingPage() {
  const t = useAppWords();
  return (
    <Page title={t("missing.title")} width="narrow">
      <EmptyState icon={Compass} title={t("missing.title")} text={t("missing.text")} action={<ButtonLink look="primary" to="/">{t("missing.action")}</ButtonLink>} />
    </Page>
  );
}
