/** Reports of answers and ratings of conversations, within the lengths that the server takes. */
import { rateConversation as rate, reportAnswer as report } from "./api/sdk.gen";
import type { ReportBody } from "./api/types.gen";

export type Reason = ReportBody["reason"];
export const REASONS: readonly Reason[] = ["wrong", "made_up", "outdated", "off_topic", "rude", "unsafe", "other"];
export const LONGEST_WORDS = 2000;
const LONGEST_QUESTION = 500;
const LONGEST_ANSWER = 5000;

/**
 * Reports an answer to the owner of the clone; the same turn again replaces it. What is told of the turn itself may be
 * left out: the server has it only where the conversation is remembered. Throws ApiError.
 */
export async function reportAnswer({ question, answer, ...about }: ReportBody): Promise<void> {
  const told = { ...(question == null ? {} : { question: question.slice(0, LONGEST_QUESTION) }), ...(answer == null ? {} : { answer: answer.slice(0, LONGEST_ANSWER) }) };
  await report({ body: { ...about, ...told } });
}

/** Rates a conversation from 1 (bad) to 5 (good); again replaces it. Throws ApiError. */
export async function rateConversation(sessionId: string, rating: number, words: string): Promise<void> {
  await rate({ body: { sessionId, rating, words } });
}
