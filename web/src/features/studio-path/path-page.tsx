/** The guided path of one clone: who it is, its steps, its work in hand, and below them the step itself. */
import { ArrowLeft, Compass } from "lucide-react";
import { Suspense } from "react";
import { Navigate, Outlet, useMatch, useParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { Stepper } from "@/ui/stepper";
import type { JobItem } from "@/wire/api";
import { ApiError } from "@/wire/api-error";
import { CloneHead } from "./clone-head";
import { JobTray } from "./job-tray";
import "./path.css";
import { doneOf, resumeAt, STEPS, type Facts, type PathState } from "./steps";
import "./studio.css";
import { useFacts } from "./use-facts";
import { useWords } from "./words";

export default function PathPage() {
  const { clone = "" } = useParams();
  const { facts, path, jobs, whole, error, again } = useFacts(clone);
  const atStart = useMatch("/studio/:clone") !== null;
  if (error instanceof ApiError && error.code === "NOT_FOUND") return <NoClone />;
  if (atStart && path !== null && whole) return <Navigate to={`/studio/${encodeURIComponent(clone)}/${resumeAt(path)}`} replace />;
  return (
    <div className="path">
      <div className="path-head">
        <Back />
        {error !== null && <ErrorNote error={error} retry={again} />}
        {facts === null || path === null ? error === null && <Skeleton /> : <Head slug={clone} facts={facts} path={path} jobs={jobs} />}
      </div>
      {!atStart && (
        <Suspense fallback={<Skeleton />}>
          <Outlet />
        </Suspense>
      )}
    </div>
  );
}

function Back() {
  const t = useWords();
  return (
    <ButtonLink look="quiet" size="small" icon={ArrowLeft} to="/studio">
      {t("back")}
    </ButtonLink>
  );
}

function Head({ slug, facts, path, jobs }: { slug: string; facts: Facts; path: PathState; jobs: readonly JobItem[] }) {
  const t = useWords();
  const { done, of } = doneOf(path);
  const steps = STEPS.map((step) => ({
    to: `/studio/${encodeURIComponent(slug)}/${step}`,
    label: t(`steps.${step}`),
    done: path[step] === "done",
    state: path[step],
    said: t(`states.${path[step]}`),
  }));
  return (
    <>
      <CloneHead clone={facts.clone} />
      <Stepper label={t("steps.label")} steps={steps} />
      <div className="path-line">
        <p className="path-count">{t("progress", { done, of })}</p>
        <Can facts={facts} />
      </div>
      <JobTray slug={slug} jobs={jobs} />
    </>
  );
}

/** What the clone can do already, in a sentence. */
function Can({ facts: { clone } }: { facts: Facts }) {
  const t = useWords();
  const can = [
    t(clone.hasVoice ? "can.ownVoice" : "can.builtInVoice"),
    t(clone.hasFace ? "can.face" : "can.noFace"),
    clone.documents.total > 0 ? t("can.knows", { count: clone.documents.total }) : t("can.knowsNothing"),
  ];
  return <p className="studio-soft">{can.join(" · ")}</p>;
}

function NoClone() {
  const t = useWords();
  return (
    <Page title={t("gone.title")} width="narrow">
      <EmptyState icon={Compass} title={t("gone.title")} text={t("gone.text")} action={<ButtonLink look="primary" to="/studio">{t("gone.action")}</ButtonLink>} />
    </Page>
  );
}
