/** The last step of the path: meet the clone. */
import { useParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { useWords } from "./words";

export default function TryStep() {
  const t = useWords();
  const { clone = "" } = useParams();
  return (
    <Page title={t("try.title")} lead={t("try.lead")}>
      <div>
        <ButtonLink look="primary" size="large" to={`/talk/${encodeURIComponent(clone)}`}>
          {t("try.action")}
        </ButtonLink>
      </div>
    </Page>
  );
}
