/** What went wrong with a request, whatever it was: a code to decide by, and the server's words where it said any. */

/** Codes the page itself gives; all others are the server's. */
export type OwnCode = "UNREACHABLE" | "TIMEOUT" | "BAD_ANSWER" | "ABORTED";

export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    /** The HTTP status; 0 where there was no answer. */
    readonly status = 0,
    /** Whatever else the server said of it, such as `heard` and `missing`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether the same request may work a little later. */
  get passing(): boolean {
    return this.code === "UNREACHABLE" || this.code === "TIMEOUT" || this.status === 503;
  }
}

/** The error of an answer that is none of success. `body` is its JSON, or null. */
export function errorOf(status: number, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  const message = typeof error?.message === "string" ? error.message : `The server answered with ${status}.`;
  return new ApiError(sentence(message), typeof error?.code === "string" ? error.code : `HTTP_${status}`, status, error ?? {});
}

/** Any failure of a request as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") return new ApiError("The server took too long to answer.", "TIMEOUT");
  if (name === "AbortError") return new ApiError("The request was given up.", "ABORTED");
  if (error instanceof TypeError) return new ApiError("The server cannot be reached. Is it running?", "UNREACHABLE");
  return new ApiError("The server gave an answer this page does not understand.", "BAD_ANSWER");
}

/** A server's terse message as a sentence. */
export function sentence(text: string): string {
  if (text.trim() === "") return "";
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?。！？]$/.test(whole) ? whole : `${whole}.`;
}
