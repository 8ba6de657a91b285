/** A clone inside another site: nothing stands around it. */
import { MessageCircle } from "lucide-react";
import { useParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function EmbedPage() {
  const t = useWords();
  const { clone = "" } = useParams();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <EmptyState
        icon={MessageCircle}
        title={t("emptyTitle")}
        text={t("emptyText")}
        action={<ButtonLink to={`/talk/${encodeURIComponent(clone)}`}>{t("open")}</ButtonLink>}
      />
    </Page>
  );
}
