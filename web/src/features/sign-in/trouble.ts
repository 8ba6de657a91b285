/** What was wrong with a sign-in, where it was the code; null where it was the connection or the server. Pure. */
import { ApiError } from "@/wire/api-error";

export function troubleOf(error: Error): "wrong" | "tooOften" | "none" | null {
  if (!(error instanceof ApiError)) return null;
  if (error.status === 429) return "tooOften";
  if (error.status === 404 || error.status === 405) return "none";
  return error.status >= 400 && error.status < 500 ? "wrong" : null;
}
