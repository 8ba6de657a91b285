/** The guided path of one clone: its steps above, the step itself below. */
import { ArrowLeft } from "lucide-react";
import { Suspense } from "react";
import { Outlet, useParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { Stepper } from "@/ui/stepper";
import "./path.css";
import { useWords } from "./words";

const STEPS = ["consent", "voice", "face", "knowledge", "manner", "try"] as const;

export default function PathPage() {
  const t = useWords();
  const { clone = "" } = useParams();
  const steps = STEPS.map((step) => ({ to: `/studio/${encodeURIComponent(clone)}/${step}`, label: t(`steps.${step}`), done: false }));
  return (
    <div className="path">
      <div className="path-head">
        <ButtonLink look="quiet" size="small" icon={ArrowLeft} to="/studio">
          {t("back")}
        </ButtonLink>
        <Stepper label={t("steps.label")} steps={steps} />
      </div>
      <Suspense fallback={<Skeleton />}>
        <Outlet />
      </Suspense>
    </div>
  );
}
