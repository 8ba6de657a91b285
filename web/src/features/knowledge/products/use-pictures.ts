/** Giving pictures to a product, one after the other, so that a bad one harms no other; ordering and removing them. */
import { useMutation } from "@tanstack/react-query";
import { useErrorWords } from "@/ui/error-words";
import { asApiError } from "@/wire/api-error";
import { chooseMainPicture, deleteProductPicture } from "@/wire/api/sdk.gen";
import type { PictureItem, PictureList, ProductItem } from "@/wire/api/types.gen";
import { upload } from "@/wire/upload";
import { useOutdate } from "../going";
import { useWords } from "../words";
import { faultOf } from "./picture-words";

export const PICTURE_ENDINGS = [".jpg", ".jpeg", ".png", ".webp"] as const;
export const PICTURE_BYTES = 15_000_000;
export const PICTURES_MOST = 8;

export interface Refusal {
  name: string;
  why: string;
}

async function give(product: string, file: File): Promise<PictureItem[]> {
  const form = new FormData();
  form.append("files", file);
  return (await upload<PictureList>(`/api/products/${product}/pictures`, form)).pictures;
}

async function remove(product: string, picture: string): Promise<void> {
  await deleteProductPicture({ path: { product_id: product, picture_id: picture }, throwOnError: true });
}

async function lead(product: string, picture: string): Promise<void> {
  await chooseMainPicture({ path: { product_id: product, picture_id: picture }, throwOnError: true });
}

/** Another picture in the place of one. A full product makes room first. */
async function replace(product: ProductItem, old: PictureItem, file: File): Promise<void> {
  const full = product.pictures.length >= PICTURES_MOST;
  if (full) await remove(product.id, old.id);
  const known = new Set(product.pictures.map(({ id }) => id));
  const fresh = (await give(product.id, file)).find(({ id }) => !known.has(id));
  if (fresh === undefined) return; // the same picture again
  if (product.pictures[0]?.id === old.id) await lead(product.id, fresh.id);
  if (!full) await remove(product.id, old.id);
}

export type Task = { add: readonly File[] } | { replace: PictureItem; by: File } | { remove: PictureItem } | { lead: PictureItem };

/** Does one thing at a time; `refusals` are those of the last. */
export function usePictures(product: ProductItem) {
  const t = useWords();
  const words = useErrorWords();
  const outdate = useOutdate();
  const told = (name: string, error: unknown): Refusal => {
    const problem = asApiError(error);
    const fault = faultOf(problem.message);
    return { name, why: fault === null ? words(problem) : t(fault) };
  };
  const attempt = async (name: string, act: () => Promise<unknown>): Promise<Refusal[]> => {
    try {
      await act();
      return [];
    } catch (error) {
      return [told(name, error)];
    }
  };
  const work = useMutation({
    mutationFn: async (task: Task): Promise<Refusal[]> => {
      if ("replace" in task) return attempt(task.by.name, () => replace(product, task.replace, task.by));
      if ("remove" in task) return attempt("", () => remove(product.id, task.remove.id));
      if ("lead" in task) return attempt("", () => lead(product.id, task.lead.id));
      const refusals: Refusal[] = [];
      for (const file of task.add) refusals.push(...(await attempt(file.name, () => give(product.id, file))));
      return refusals;
    },
    onSettled: () => outdate("listProducts"),
  });
  return { busy: work.isPending, does: work.variables, refusals: work.data ?? [], start: work.mutate };
}
