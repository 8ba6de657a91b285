/** Saves a file that only the owner may have: fetched with the token, then given to the browser under its name. */
import { saveAs } from "@/ui/save-as";
import { asApiError, errorOf } from "@/wire/api-error";
import { authorizedFetch } from "@/wire/session";

/** A file's bytes. Throws ApiError. */
export async function loadFile(url: string): Promise<Blob> {
  const response = await authorizedFetch(url).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  return response.blob();
}

export async function saveFile(url: string, name: string): Promise<void> {
  saveAs(await loadFile(url), name);
}
