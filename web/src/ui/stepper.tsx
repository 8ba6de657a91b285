/** The steps of a path, as links: which are done, and where one is. */
import { Check, CircleAlert, LoaderCircle, Lock } from "lucide-react";
import { NavLink, useLocation } from "react-router";
import "./stepper.css";
import { useRow } from "./use-row";
import { useUiWords } from "./words";

export interface Step {
  to: string;
  label: string;
  done: boolean;
  /** More than done or not: under way, waiting for the person, locked by another. */
  state?: "done" | "going" | "needs" | "open" | "optional" | "locked";
  /** The state in words, where there is more to say than done or to do. */
  said?: string;
}

const ICONS = { done: Check, going: LoaderCircle, needs: CircleAlert, locked: Lock, open: null, optional: null } as const;

export function Stepper({ label, steps }: { label: string; steps: readonly Step[] }) {
  const t = useUiWords();
  const { pathname } = useLocation();
  const list = useRow<HTMLOListElement>(".active", `${pathname} ${steps.length}`);
  return (
    <nav aria-label={label}>
      <ol className="stepper" ref={list}>
        {steps.map((step, index) => (
          <li key={step.to}>
            <NavLink to={step.to} className="step" data-done={step.done} data-state={step.state} title={step.said}>
              {({ isActive }) => (
                <>
                  <span className="step-mark" aria-hidden="true">
                    <Mark step={step} number={index + 1} />
                  </span>
                  <span>{step.label}</span>
                  <span className="unseen">
                    {step.said ?? t(step.done ? "stepDone" : "stepOpen")}
                    {isActive && `, ${t("stepCurrent")}`}
                  </span>
                </>
              )}
            </NavLink>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Mark({ step, number }: { step: Step; number: number }) {
  const Icon = ICONS[step.state ?? (step.done ? "done" : "open")];
  return Icon === null ? number : <Icon className={step.state === "going" ? "icon turning" : "icon"} />;
}
