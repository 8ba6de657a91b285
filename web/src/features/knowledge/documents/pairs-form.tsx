/** The form of questions with their answers: as many pairs as wanted. */
import { useMutation } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useFieldArray } from "react-hook-form";
import { z } from "zod";
import { Button, IconButton } from "@/ui/button";
import { AreaField, TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { addFaqMutation } from "@/wire/api/@tanstack/react-query.gen";
import { useOutdate } from "../going";
import { useWords } from "../words";
import { LONGEST_ANSWER, LONGEST_NAME, LONGEST_QUESTION, MOST_PAIRS, type Pair } from "./pairs";

interface PairsFormProps {
  clone: string;
  name: string;
  /** The name stands: saving takes the place of what it said. */
  named: boolean;
  pairs: Pair[];
  onClose: () => void;
}

function useSchema() {
  const t = useWords();
  return useMemo(() => {
    const text = (missing: string, most: number) => z.string().trim().min(1, missing).max(most, t("pairs.tooLong", { count: most }));
    const pair = z.object({ question: text(t("pairs.noQuestion"), LONGEST_QUESTION), answer: text(t("pairs.noAnswer"), LONGEST_ANSWER) });
    return z.object({ name: z.string().trim().max(LONGEST_NAME, t("pairs.tooLong", { count: LONGEST_NAME })), pairs: z.array(pair).min(1).max(MOST_PAIRS) });
  }, [t]);
}

export function PairsForm({ clone, name, named, pairs, onClose }: PairsFormProps) {
  const t = useWords();
  const outdate = useOutdate();
  const form = useForm(useSchema(), { name, pairs });
  const rows = useFieldArray({ control: form.control, name: "pairs" });
  const { errors, submitCount } = form.formState;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (submitCount > 0) box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submitCount]);
  const saving = useMutation({
    ...addFaqMutation(),
    onSuccess: async () => {
      await outdate("listDocuments");
      onClose();
    },
  });
  return (
    <Form
      form={form}
      failure={saving.error}
      onSubmit={(values) => {
        saving.mutate({ body: { ...values, clone } });
      }}
      actions={
        <>
          <Button type="submit" look="primary" busy={saving.isPending}>
            {t("save")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      {!named && <TextField label={t("pairs.name")} hint={t("pairs.nameHint")} optional error={errors.name?.message} {...form.register("name")} />}
      <div className="pairs" ref={box}>
        {rows.fields.map((field, index) => (
          <fieldset key={field.id} className="pair">
            <legend>{t("pairs.pair", { number: index + 1 })}</legend>
            {rows.fields.length > 1 && <IconButton className="pair-remove" label={t("pairs.remove", { number: index + 1 })} icon={Trash2} onClick={() => { rows.remove(index); }} />}
            <TextField label={t("question")} error={errors.pairs?.[index]?.question?.message} {...form.register(`pairs.${index}.question`)} />
            <AreaField label={t("answer")} rows={3} error={errors.pairs?.[index]?.answer?.message} {...form.register(`pairs.${index}.answer`)} />
          </fieldset>
        ))}
      </div>
      {rows.fields.length < MOST_PAIRS && (
        <div>
          <Button size="small" icon={Plus} onClick={() => { rows.append({ question: "", answer: "" }); }}>
            {t("pairs.more")}
          </Button>
        </div>
      )}
    </Form>
  );
}
