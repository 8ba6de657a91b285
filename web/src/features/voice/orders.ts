/** What is asked of the server for a voice, beyond the generated calls. */
import type { KeptRecording } from "@/media/recording/shelf";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { errorOf } from "@/wire/api-error";
import { authorizedFetch } from "@/wire/session";
import type { Manner } from "./quality";

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

// By hand until wire/openapi.json knows PATCH /voice-model/{id}: then `setMannerMutation` of the generated client.
export async function setManner(voice: string, manner: Manner): Promise<void> {
  await send(`/voice-model/${voice}`, "PATCH", { manner });
}

/** The voice of a video's order, or what it lacks. */
export interface VideoOrder {
  voice?: { ordered: boolean; voiceModelId?: string | null; missing?: string | null };
}

// By hand until wire/openapi.json tells of the voice in POST /api/voice/clone: then the generated call.
export async function orderVideo(clone: string, url: string, language: Language): Promise<VideoOrder> {
  return (await send("/api/voice/clone", "POST", { url, clone, language })) as VideoOrder;
}

async function send(path: string, method: string, body: object): Promise<unknown> {
  const response = await authorizedFetch(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const json: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, json);
  return json;
}
