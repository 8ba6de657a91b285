/** How closely the clone keeps to what it has read, and what it says when that holds no answer. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { Skeleton } from "@/ui/skeleton";
import { useToasts } from "@/ui/toasts";
import { changeAnsweringMutation, showAnsweringOptions, showAnsweringQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { Answering } from "@/wire/api/types.gen";
import { useWords } from "../words";
import { Adherences } from "./adherences";
import { ADHERENCES, LANGUAGES, LONGEST, OWN_WORDS } from "./answering";

export function SourcesTab({ clone }: { clone: string }) {
  const found = useQuery(showAnsweringOptions({ path: { slug: clone } }));
  if (found.isPending) return <Skeleton lines={6} />;
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  return <SourcesForm clone={clone} answering={found.data} />;
}

function SourcesForm({ clone, answering }: { clone: string; answering: Answering }) {
  const t = useWords();
  const toasts = useToasts();
  const client = useQueryClient();
  const schema = useMemo(() => {
    const said = z.string().trim().max(LONGEST, t("pairs.tooLong", { count: LONGEST }));
    return z.object({ adherence: z.enum(ADHERENCES), EN: said, ES: said, ZH: said });
  }, [t]);
  const { adherence, noAnswer } = answering;
  const form = useForm(schema, { adherence, EN: noAnswer.EN ?? "", ES: noAnswer.ES ?? "", ZH: noAnswer.ZH ?? "" });
  const { errors } = form.formState;
  const path = { slug: clone };
  const saving = useMutation({
    ...changeAnsweringMutation(),
    onSuccess: (kept) => {
      client.setQueryData(showAnsweringQueryKey({ path }), kept);
      toasts.show({ text: t("sources.saved") });
    },
  });
  return (
    <div className="know sources">
      <Form
        form={form}
        failure={saving.error}
        onSubmit={({ adherence: chosen, ...said }) => {
          saving.mutate({ path, body: { adherence: chosen, noAnswer: said } });
        }}
        actions={
          <Button type="submit" look="primary" busy={saving.isPending}>
            {t("save")}
          </Button>
        }
      >
        <Adherences field={form.register("adherence")} />
        <section className="section" aria-labelledby="no-answer">
          <h2 id="no-answer">{t("sources.noAnswer")}</h2>
          <p className="know-lead">{t("sources.noAnswerLead")}</p>
          {LANGUAGES.map((language) => (
            <TextField key={language} label={t(`sources.language.${language}`)} lang={language.toLowerCase()} placeholder={OWN_WORDS[language]} error={errors[language]?.message} {...form.register(language)} />
          ))}
        </section>
      </Form>
    </div>
  );
}
