/**
 * Clones as files. Written by hand until `exportClone` and `importClone` are in the API's description; then the generated
 * client takes the place of `importArchive`, and of the address in `exportArchive`.
 */
import { errorOf, asApiError } from "@/wire/api-error";
import { authorizedFetch } from "@/wire/session";
import { upload } from "@/wire/upload";

export const ARCHIVE_ENDINGS = [".zip", ".selfsame"] as const;
/** Larger ones go by the command `selfsame clone import`. */
export const ARCHIVE_BYTES = 990_000_000;

export interface Imported {
  slug: string;
  name: string;
  /** What was left out, and why, in the server's words. */
  leftOut: Record<string, string>;
}

export interface ImportWish {
  file: File;
  passphrase: string;
  /** The name of the person whose consents the archive has, when that is who brings it. */
  iAm: string;
  signal?: AbortSignal;
  onProgress?: (part: number) => void;
}

export function importArchive({ file, passphrase, iAm, signal, onProgress }: ImportWish): Promise<Imported> {
  const form = new FormData();
  form.append("archive", file, file.name);
  if (passphrase !== "") form.append("passphrase", passphrase);
  if (iAm !== "") form.append("iAm", iAm);
  return upload<Imported>("/api/clones/import", form, { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) });
}

/** The whole archive, sealed when there is a passphrase. Throws ApiError. */
export async function exportArchive(slug: string, passphrase: string, signal: AbortSignal): Promise<File> {
  const headers = passphrase === "" ? {} : { "selfsame-passphrase": encodeURIComponent(passphrase) };
  try {
    const answer = await authorizedFetch(`/api/clones/${encodeURIComponent(slug)}/export`, { headers, signal });
    if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => null));
    return new File([await answer.blob()], `${slug}.${passphrase === "" ? "zip" : "selfsame"}`);
  } catch (error) {
    throw asApiError(error);
  }
}

export function save(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
}
