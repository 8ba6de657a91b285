/** The owner's own clone: the talk page of the one there is, a choice where there are several, the way to make one where there is none. */
import { useQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { Navigate } from "react-router";
import { ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { listOwnClonesOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { OwnClone } from "@/wire/api/types.gen";
import "./avatar.css";
import { useAppWords } from "../words";

export default function AvatarPage() {
  const t = useAppWords();
  const asked = useQuery(listOwnClonesOptions());
  const own = (asked.data?.clones ?? []).filter((clone) => !clone.demonstration);
  const [only] = own;
  if (only !== undefined && own.length === 1) return <Navigate to={`/talk/${encodeURIComponent(only.slug)}`} replace />;
  return (
    <Page title={t("avatar.title")} lead={t("avatar.lead")}>
      {asked.isPending && <Skeleton />}
      {asked.isError && <ErrorNote error={asked.error} retry={() => void asked.refetch()} />}
      {asked.isSuccess && (own.length === 0 ? <None /> : <Several clones={own} />)}
    </Page>
  );
}

function None() {
  const t = useAppWords();
  const action = (
    <ButtonLink look="primary" to="/studio">
      {t("avatar.create")}
    </ButtonLink>
  );
  return <EmptyState icon={UserRound} title={t("avatar.emptyTitle")} text={t("avatar.emptyText")} action={action} />;
}

function Several({ clones }: { clones: readonly OwnClone[] }) {
  const t = useAppWords();
  return (
    <ul className="avatars">
      {clones.map(({ slug, name, description }) => (
        <li key={slug}>
          <Card
            title={name}
            actions={
              <ButtonLink look="primary" size="small" to={`/talk/${encodeURIComponent(slug)}`}>
                {t("avatar.talk")}
              </ButtonLink>
            }
          >
            <p>{description}</p>
          </Card>
        </li>
      ))}
    </ul>
  );
}
