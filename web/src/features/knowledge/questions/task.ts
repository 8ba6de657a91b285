/** What an owner writes an answer to, and how it is kept. */
import { answerQuestion, correctAnswer, resolveReport } from "@/wire/api/sdk.gen";
import type { AnswerItem, ReportItem, UnansweredItem } from "@/wire/api/types.gen";

export type Task =
  | { kind: "open"; item: UnansweredItem }
  | { kind: "edit"; item: AnswerItem }
  | { kind: "correct"; report: ReportItem | null };

export const LONGEST_QUESTION = 300;
export const LONGEST_ANSWER = 2000;

/** What is written already. */
export function begun(task: Task): { question: string; answer: string } {
  switch (task.kind) {
    case "open":
      return { question: task.item.question, answer: "" };
    case "edit":
      return { question: task.item.question, answer: task.item.answer };
    case "correct":
      return { question: (task.report?.question ?? "").slice(0, LONGEST_QUESTION), answer: "" };
  }
}

/** Throws ApiError. A report is dealt with once the answer is there. */
export async function keep(slug: string, task: Task, { question, answer }: { question: string; answer: string }): Promise<AnswerItem> {
  const path = { slug };
  if (task.kind === "open") return (await answerQuestion({ path, body: { questionId: task.item.id, answer } })).data;
  const { data } = await correctAnswer({ path, body: { question, answer } });
  if (task.kind === "correct" && task.report !== null) await resolveReport({ path: { report_id: task.report.id }, body: {} });
  return data;
}
