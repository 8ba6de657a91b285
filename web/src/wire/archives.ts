/** Archives that are taken along and brought again. With a passphrase they are sealed; it travels percent-encoded. */
import { exportClone, exportMe } from "./api/sdk.gen";
import type { ExportCloneData, ImportCloneData, ImportedBody } from "./api/types.gen";
import { asApiError } from "./api-error";
import { upload, type UploadOptions } from "./upload";

export interface CloneArchive {
  file: File;
  /** How many things are not in it, as their files are lost on the server. */
  lost: number;
}

/** The clone as one file. Throws ApiError; ABORTED when the signal ended it. */
export async function cloneArchive(slug: string, passphrase: string, signal: AbortSignal): Promise<CloneArchive> {
  const answer = await exportClone({ path: { slug }, headers: sealedBy(passphrase), signal, parseAs: "blob" }).catch(failed);
  return { file: archive(answer, slug, passphrase), lost: counted(answer.response.headers.get("selfsame-lost") ?? "") };
}

/** The sum of "voices=1, pictures=2". */
function counted(told: string): number {
  return [...told.matchAll(/=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Everything of whoever asks as one file. Throws ApiError; ABORTED when the signal ended it. */
export async function everythingOfMe(passphrase: string, signal: AbortSignal): Promise<File> {
  const answer = exportMe({ headers: sealedBy(passphrase), signal, parseAs: "blob" });
  return archive(await answer.catch(failed), "my-data", passphrase);
}

/** A clone from its archive. What is empty of the wish is left out. Throws ApiError. */
export function bringClone(wish: Omit<ImportCloneData["body"], "archive"> & { archive: File }, options: UploadOptions): Promise<ImportedBody> {
  const form = new FormData();
  for (const [name, value] of Object.entries(wish)) if (value !== "") form.append(name, value);
  return upload<ImportedBody>("/api/clones/import" satisfies ImportCloneData["url"], form, options);
}

function sealedBy(passphrase: string): NonNullable<ExportCloneData["headers"]> {
  return passphrase === "" ? {} : { "selfsame-passphrase": encodeURIComponent(passphrase) };
}

function archive({ data }: { data: Blob | File }, name: string, passphrase: string): File {
  return new File([data], `${name}.${passphrase === "" ? "zip" : "selfsame"}`);
}

/** An answer that breaks off while it is read throws no ApiError of itself. */
function failed(error: unknown): never {
  throw asApiError(error);
}
