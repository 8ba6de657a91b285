/** Everything of whoever asks, as one file. The passphrase travels in a header that the generated client does not know. */
import { asApiError, errorOf } from "./api-error";
import { authorizedFetch } from "./session";

/** The archive, sealed where there is a passphrase. Throws ApiError; ABORTED when the signal ended it. */
export async function exportMe(passphrase: string, signal: AbortSignal): Promise<Blob> {
  const headers = new Headers(passphrase === "" ? {} : { "selfsame-passphrase": encodeURIComponent(passphrase) });
  try {
    const response = await authorizedFetch("/api/privacy/export", { signal, headers });
    if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
    return await response.blob();
  } catch (error) {
    throw asApiError(error);
  }
}
