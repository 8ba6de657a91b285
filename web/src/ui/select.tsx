/** One of many. The browser's own list: it is the best on phones, and every assistant knows it. */
import type { ComponentProps } from "react";
import { Field } from "./field";

interface SelectProps<T extends string> extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  label: string;
  hint?: string;
  error?: string;
  options: readonly { value: T; label: string; disabled?: boolean }[];
  value: T;
  onChange: (value: T) => void;
}

export function Select<T extends string>({ label, hint, error, options, value, onChange, ...rest }: SelectProps<T>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <select
          {...rest}
          {...parts}
          className="input"
          value={value}
          onChange={(event) => {
            onChange(event.target.value as T);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
