/** A new clone: a name is enough, the rest has a good beginning. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useWatch } from "react-hook-form";
import { useNavigate } from "react-router";
import { z } from "zod";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { AreaField, Field, TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { chosenLanguage } from "@/ui/i18n/language";
import { createCloneMutation, listMeetableClonesQueryKey, listOwnClonesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { zNewClone } from "@/wire/api/zod.gen";
import { CLONE_LANGUAGES, defaultGreeting, type CloneLanguage } from "./greeting";
import { useWords } from "./words";

const LANGUAGE_OF = { en: "EN", es: "ES", zh: "ZH" } as const;

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

export function NewCloneDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={t("new.title")}>
      {open && <NewCloneForm onClose={onClose} />}
    </Dialog>
  );
}

function NewCloneForm({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const language: CloneLanguage = LANGUAGE_OF[chosenLanguage()];
  const form = useForm(useMemo(() => cloneSchema(t("fields.nameWrong")), [t]), { name: "", language, description: "", greeting: "" });
  const { errors, dirtyFields } = form.formState;
  const greetingIsOwn = dirtyFields.greeting === true;
  const [name, spoken] = useWatch({ control: form.control, name: ["name", "language"] });
  useEffect(() => {
    if (!greetingIsOwn) form.resetField("greeting", { defaultValue: defaultGreeting(name, spoken) });
  }, [form, greetingIsOwn, name, spoken]);
  const create = useMutation({
    ...createCloneMutation(),
    onSuccess: async (clone) => {
      await queries.invalidateQueries({ queryKey: listOwnClonesQueryKey() });
      void queries.invalidateQueries({ queryKey: listMeetableClonesQueryKey() });
      await navigate(`/studio/${encodeURIComponent(clone.slug)}`);
    },
  });
  return (
    <Form
      form={form}
      failure={create.error}
      onSubmit={(values) => { create.mutate({ body: { ...values, name: values.name.trim() } }); }}
      actions={
        <>
          <Button look="primary" type="submit" busy={create.isPending}>
            {t("new.create")}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t("new.cancel")}
          </Button>
        </>
      }
    >
      <TextField label={t("fields.name")} hint={t("fields.nameHint")} error={errors.name?.message} autoComplete="off" {...form.register("name")} />
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
    </Form>
  );
}
