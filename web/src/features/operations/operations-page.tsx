/** How the server does, for its owner: what is alarming first, then everything that can be watched. */
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { lazy, Suspense } from "react";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { showMeOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

const Board = lazy(() => import("./board"));

export default function OperationsPage() {
  const t = useWords();
  return (
    <Page title={t("title")} lead={t("lead")} width="wide">
      <Guarded />
    </Page>
  );
}

function Guarded() {
  const t = useWords();
  const me = useQuery(showMeOptions());
  if (me.isPending) return <Skeleton lines={8} />;
  if (me.isError) return <ErrorNote error={me.error} retry={() => void me.refetch()} />;
  if (!me.data.permissions.includes("read_metrics")) {
    const action = (
      <ButtonLink look="primary" to="/sign-in">
        {t("signIn")}
      </ButtonLink>
    );
    return <EmptyState icon={Lock} title={t("closedTitle")} text={t("closedText")} action={action} />;
  }
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <Board />
    </Suspense>
  );
}
