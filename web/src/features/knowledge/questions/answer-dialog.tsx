/** Where an answer is written: to what the clone could not answer, or in place of what it answered. */
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useErrorWords } from "@/ui/error-words";
import { AreaField, TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { useToasts } from "@/ui/toasts";
import type { ApiError } from "@/wire/api-error";
import { deleteAnswer } from "@/wire/api/sdk.gen";
import type { AnswerItem } from "@/wire/api/types.gen";
import { useOutdate } from "../going";
import { useWords } from "../words";
import { begun, keep, LONGEST_ANSWER, LONGEST_QUESTION, type Task } from "./task";

interface AnswerDialogProps {
  clone: string;
  task: Task | null;
  onClose: () => void;
}

export function AnswerDialog({ clone, task, onClose }: AnswerDialogProps) {
  const t = useWords();
  return (
    <Dialog open={task !== null} onClose={onClose} size="wide" title={task === null ? "" : t(`answers.dialog.${task.kind}`)}>
      {task !== null && <AnswerForm clone={clone} task={task} onClose={onClose} />}
    </Dialog>
  );
}

function AnswerForm({ clone, task, onClose }: { clone: string; task: Task; onClose: () => void }) {
  const t = useWords();
  const schema = useMemo(
    () =>
      z.object({
        question: z.string().trim().min(1, t("pairs.noQuestion")).max(LONGEST_QUESTION, t("pairs.tooLong", { count: LONGEST_QUESTION })),
        answer: z.string().trim().min(1, t("pairs.noAnswer")).max(LONGEST_ANSWER, t("pairs.tooLong", { count: LONGEST_ANSWER })),
      }),
    [t],
  );
  const form = useForm(schema, begun(task));
  const { errors } = form.formState;
  const saving = useKeep(clone, task, onClose);
  const report = task.kind === "correct" ? task.report : null;
  return (
    <Form
      form={form}
      failure={saving.error}
      onSubmit={(values) => {
        saving.mutate(values);
      }}
      actions={
        <>
          <Button type="submit" look="primary" busy={saving.isPending}>
            {t("answers.save")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      {task.kind === "correct" ? (
        <TextField label={t("question")} hint={t("answers.questionHint")} error={errors.question?.message} {...form.register("question")} />
      ) : (
        <p className="asked">{task.item.question}</p>
      )}
      {report?.answer != null && (
        <div className="said">
          <p className="product-detail">{t("reports.answered")}</p>
          <p>{report.answer}</p>
        </div>
      )}
      <AreaField label={t("answer")} hint={t("answers.answerHint")} rows={5} error={errors.answer?.message} {...form.register("answer")} />
    </Form>
  );
}

function useKeep(clone: string, task: Task, onClose: () => void) {
  const t = useWords();
  const toasts = useToasts();
  const words = useErrorWords();
  const outdate = useOutdate();
  const changed = (): Promise<void> => outdate("listUnanswered", "listAnswers", "listReports", "searchKnowledge");
  return useMutation<AnswerItem, ApiError, { question: string; answer: string }>({
    mutationFn: (values) => keep(clone, task, values),
    onSuccess: async ({ id }) => {
      await changed();
      onClose();
      const undo = (): void => {
        deleteAnswer({ path: { slug: clone, answer_id: id } })
          .then(changed)
          .catch((error: unknown) => {
            toasts.show({ tone: "bad", text: words(error as Error) });
          });
      };
      // What an edit replaced is gone; taking it back would delete both.
      toasts.show({ text: t("answers.saved"), ...(task.kind === "open" ? { undo } : {}) });
    },
  });
}
