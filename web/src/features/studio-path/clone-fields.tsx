/** What one says of a clone, in the same fields whether it is new or changed; and what the server takes for it. */
import type { UseFormReturn } from "react-hook-form";
import { z } from "zod";
import { AreaField, Field, TextField } from "@/ui/field";
import { zNewClone } from "@/wire/api/zod.gen";
import { CLONE_LANGUAGES } from "./greeting";
import { useWords } from "./words";

/** The server's own limits, with what is optional there filled in. `nameWrong` is said of a name that will not do. */
export function cloneSchema(nameWrong: string) {
  const most = zNewClone.shape.name.maxLength ?? Infinity;
  return z.object({
    name: z.string().refine((name) => name.trim() !== "" && name.length <= most, nameWrong),
    language: zNewClone.shape.language.unwrap(),
    description: zNewClone.shape.description.unwrap().unwrap(),
    greeting: zNewClone.shape.greeting.unwrap().unwrap(),
  });
}

type CloneForm = z.infer<ReturnType<typeof cloneSchema>>;

export function CloneFields({ form, nameHint }: { form: UseFormReturn<CloneForm, unknown, CloneForm>; nameHint?: string }) {
  const t = useWords();
  const { errors } = form.formState;
  return (
    <>
      <TextField label={t("fields.name")} hint={nameHint} error={errors.name?.message} autoComplete="off" {...form.register("name")} />
      <Field label={t("fields.language")} hint={t("fields.languageHint")}>
        {(parts) => (
          <select {...parts} className="input" {...form.register("language")}>
            {CLONE_LANGUAGES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField label={t("fields.description")} optional hint={t("fields.descriptionHint")} error={errors.description?.message} autoComplete="off" {...form.register("description")} />
      <AreaField label={t("fields.greeting")} hint={t("fields.greetingHint")} rows={3} error={errors.greeting?.message} {...form.register("greeting")} />
    </>
  );
}
