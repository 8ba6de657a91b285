/** The steps of a path, as links: which are done, and where one is. */
import { Check } from "lucide-react";
import { NavLink } from "react-router";
import "./stepper.css";
import { useUiWords } from "./words";

export interface Step {
  to: string;
  label: string;
  done: boolean;
}

export function Stepper({ label, steps }: { label: string; steps: readonly Step[] }) {
  const t = useUiWords();
  return (
    <nav aria-label={label}>
      <ol className="stepper">
        {steps.map((step, index) => (
          <li key={step.to}>
            <NavLink to={step.to} className="step" data-done={step.done}>
              {({ isActive }) => (
                <>
                  <span className="step-mark" aria-hidden="true">
                    {step.done ? <Check className="icon" /> : index + 1}
                  </span>
                  <span>{step.label}</span>
                  <span className="unseen">{t(isActive ? "stepCurrent" : step.done ? "stepDone" : "stepOpen")}</span>
                </>
              )}
            </NavLink>
          </li>
        ))}
      </ol>
    </nav>
  );
}
