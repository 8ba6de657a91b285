/** Sends a form with files and tells how far it is; `fetch` cannot tell that. Aborted by the signal. */
import { ApiError, errorOf } from "./api-error";
import { sessionToken } from "./session";

export interface UploadOptions {
  method?: "POST" | "PUT";
  signal?: AbortSignal;
  /** From 0 to 1. */
  onProgress?: (part: number) => void;
}

/** The answer's JSON. Throws ApiError. A refused token is renewed, once. */
export async function upload<T>(path: string, form: FormData, options: UploadOptions = {}): Promise<T> {
  const token = await sessionToken();
  try {
    return (await send(path, form, token, options)) as T;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return (await send(path, form, await sessionToken(token), options)) as T;
  }
}

function send(path: string, form: FormData, token: string, { method = "POST", signal, onProgress }: UploadOptions): Promise<unknown> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const giveUp = (): void => {
      request.abort();
    };
    request.open(method, path);
    request.responseType = "json";
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done(request.response);
      else fail(errorOf(request.status, request.response));
    };
    request.onerror = () => {
      fail(new ApiError("The server cannot be reached. Is it running?", "UNREACHABLE"));
    };
    request.onabort = () => {
      fail(new ApiError("The request was given up.", "ABORTED"));
    };
    request.onloadend = () => {
      signal?.removeEventListener("abort", giveUp);
    };
    if (signal?.aborted === true) {
      fail(new ApiError("The request was given up.", "ABORTED"));
      return;
    }
    signal?.addEventListener("abort", giveUp);
    request.send(form);
  });
}
