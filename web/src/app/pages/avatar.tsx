/** The owner's own clone. */
import { UserRound } from "lucide-react";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useAppWords } from "../words";

export default function AvatarPage() {
  const t = useAppWords();
  return (
    <Page title={t("avatar.title")} lead={t("avatar.lead")}>
      <EmptyState icon={UserRound} title={t("avatar.emptyTitle")} text={t("avatar.emptyText")} action={<ButtonLink look="primary" to="/studio">{t("avatar.create")}</ButtonLink>} />
    </Page>
  );
}
