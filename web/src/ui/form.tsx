/**
 * A form that is checked by a schema. `useForm` binds a zod schema to react-hook-form; `Form` shows a summary of what is
 * wrong, which gets the focus after a vain attempt to send.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useRef, type ReactNode } from "react";
import { useForm as useHookForm, type DefaultValues, type FieldErrors, type FieldValues, type UseFormReturn } from "react-hook-form";
import type { ZodType } from "zod";
import "./field.css";
import { ErrorNote } from "./error-note";
import "./i18n/zod-words";
import { useUiWords } from "./words";

/** `const form = useForm(schema, { name: "" })`; then `<TextField {...form.register("name")} error={form.formState.errors.name?.message} />`. */
export function useForm<T extends FieldValues>(schema: ZodType<T, T>, defaults: DefaultValues<T>): UseFormReturn<T, unknown, T> {
  return useHookForm<T, unknown, T>({ resolver: zodResolver(schema), defaultValues: defaults, mode: "onTouched", shouldFocusError: false });
}

interface FormProps<T extends FieldValues> {
  form: UseFormReturn<T, unknown, T>;
  onSubmit: (values: T) => void | Promise<void>;
  /** What the server said against it. */
  failure?: Error | null;
  children: ReactNode;
  /** The buttons at its foot. */
  actions: ReactNode;
}

export function Form<T extends FieldValues>({ form, onSubmit, failure = null, children, actions }: FormProps<T>) {
  const { errors, submitCount } = form.formState;
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        void form.handleSubmit(onSubmit)(event);
      }}
    >
      <Summary errors={errors} attempts={submitCount} />
      {failure !== null && <ErrorNote error={failure} />}
      {children}
      <div className="form-foot">{actions}</div>
    </form>
  );
}

function Summary({ errors, attempts }: { errors: FieldErrors; attempts: number }) {
  const t = useUiWords();
  const box = useRef<HTMLDivElement>(null);
  const wrong = Object.entries(errors).flatMap(([name, error]) => (typeof error?.message === "string" ? [{ name, words: error.message, field: "ref" in error ? error.ref : undefined }] : []));
  useEffect(() => {
    box.current?.focus();
  }, [attempts]);
  if (attempts === 0 || wrong.length === 0) return null;
  return (
    <div className="form-errors" ref={box} tabIndex={-1} role="alert">
      <h2>{t("formErrors", { count: wrong.length })}</h2>
      <ul>
        {wrong.map(({ name, words, field }) => (
          <li key={name}>
            <button type="button" className="link" onClick={() => { focus(field); }}>
              {words}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function focus(field: unknown): void {
  if (field instanceof HTMLElement) field.focus();
}
