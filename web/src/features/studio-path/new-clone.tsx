/** A new clone: a name is enough, the rest has a good beginning. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useWatch } from "react-hook-form";
import { useNavigate } from "react-router";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Form, useForm } from "@/ui/form";
import { chosenLanguage } from "@/ui/i18n/language";
import { createCloneMutation, listMeetableClonesQueryKey, listOwnClonesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { CloneFields, cloneSchema } from "./clone-fields";
import { defaultGreeting, type CloneLanguage } from "./greeting";
import { useWords } from "./words";

const LANGUAGE_OF = { en: "EN", es: "ES", zh: "ZH" } as const;

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
  const { dirtyFields } = form.formState;
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
      <CloneFields form={form} nameHint={t("fields.nameHint")} />
    </Form>
  );
}
