/** Reports of answers and ratings of conversations. Servers without these routes answer 404. */
import { asApiError, errorOf } from "./api-error";
import { authorizedFetch } from "./session";

export const REASONS = ["wrong", "made_up", "outdated", "off_topic", "rude", "unsafe", "other"] as const;
export type Reason = (typeof REASONS)[number];
export const LONGEST_WORDS = 2000;
const LONGEST_QUESTION = 500;
const LONGEST_ANSWER = 5000;

export interface Report {
  sessionId: string;
  turnId: number;
  reason: Reason;
  words: string;
  /** What is told of the turn itself; left out, the server has it only where the conversation is remembered. */
  question?: string | null;
  answer?: string | null;
}

/** Reports an answer to the owner of the clone; the same turn again replaces it. Throws ApiError. */
export async function reportAnswer({ question, answer, ...report }: Report): Promise<void> {
  const told = { ...(question == null ? {} : { question: question.slice(0, LONGEST_QUESTION) }), ...(answer == null ? {} : { answer: answer.slice(0, LONGEST_ANSWER) }) };
  await post("/api/reports", { ...report, ...told });
}

/** Rates a conversation from 1 (bad) to 5 (good); again replaces it. Throws ApiError. */
export async function rateConversation(sessionId: string, rating: number, words: string): Promise<void> {
  await post("/api/feedback", { sessionId, rating, words });
}

/** Whether this server takes reports and ratings at all. Visitors may not read them (403), which tells as much. */
export async function takesFeedback(signal: AbortSignal): Promise<boolean> {
  const answer = await authorizedFetch("/api/feedback?limit=1", { signal });
  return answer.status !== 404;
}

async function post(path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await authorizedFetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => null));
}
