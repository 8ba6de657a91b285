/** One question of a form: its label, a hint, the control, and what is wrong with the answer. */
import { CircleAlert } from "lucide-react";
import { useId, type ComponentProps, type ReactNode } from "react";
import "./field.css";
import { useUiWords } from "./words";

export interface FieldParts {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** In plain words: what is wrong, and what to write instead. */
  error?: string | undefined;
  optional?: boolean;
  /** Draws the control with the names it must carry. */
  children: (parts: FieldParts) => ReactNode;
}

export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const t = useUiWords();
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`].join(" ").trim();
  return (
    <div className="field" data-wrong={error !== undefined}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="field-optional">{t("optional")}</span>}
      </label>
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, "aria-describedby": described === "" ? undefined : described, "aria-invalid": error !== undefined || undefined })}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          <CircleAlert className="icon" aria-hidden="true" />
          {error}
        </p>
      )}
    </div>
  );
}

type Common = Omit<FieldProps, "children">;

/** A field with one line to write in; takes what `register` of react-hook-form gives. */
export function TextField({ label, hint, error, optional = false, ...rest }: Common & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(parts) => <input type="text" {...rest} {...parts} className="input" />}
    </Field>
  );
}

/** A field with room for several lines. */
export function AreaField({ label, hint, error, optional = false, ...rest }: Common & ComponentProps<"textarea">) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(parts) => <textarea rows={4} {...rest} {...parts} className="input" />}
    </Field>
  );
}
