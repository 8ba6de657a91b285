/** What is asked of the server for a voice, beyond the generated calls. */
import type { KeptRecording } from "@/media/recording/shelf";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { errorOf } from "@/wire/api-error";
import { authorizedFetch } from "@/wire/session";

export type Language = KeptRecording["language"];

/** The form of an order; `texts` only where all recordings are sentences that were read. */
export function orderForm(clone: string, language: Language, files: readonly { sound: Blob; name: string; text?: string }[]): FormData {
  const form = new FormData();
  form.append("clone", clone);
  form.append("language", language);
  for (const { sound, name, text } of files) {
    form.append("files", sound, name);
    if (text !== undefined) form.append("texts", text);
  }
  return form;
}

/** The sound of a voice's preview. Throws ApiError. */
export async function loadPreview({ previewUrl }: VoiceModelItem): Promise<Blob> {
  const response = await authorizedFetch(previewUrl ?? "");
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  return response.blob();
}
