import { ShieldCheck } from "lucide-react";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { useWords } from "./words";

/** No face without the person's yes: where to give it. */
export function ConsentNeeded({ slug }: { slug: string }) {
  const t = useWords();
  return (
    <EmptyState
      icon={ShieldCheck}
      title={t("consent.title")}
      text={t("consent.text")}
      action={
        <ButtonLink look="primary" to={`/studio/${encodeURIComponent(slug)}/consent`}>
          {t("consent.action")}
        </ButtonLink>
      }
    />
  );
}
