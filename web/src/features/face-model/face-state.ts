/** What the face step knows: the clone's faces, the consent, and what can be done. */
import { useQuery } from "@tanstack/react-query";
import { listConsentsOptions, listFacesOptions, showCloneOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { pollAfter } from "@/ui/use-job";

export function isMaking({ status }: Pick<FaceModelItem, "status">): boolean {
  return status === "pending" || status === "running";
}

export function useCloneOf(slug: string) {
  return useQuery(showCloneOptions({ path: { slug } }));
}

/** The faces of a clone, newest first, followed while one is being made. */
export function useFaces(clone: OwnClone | undefined) {
  return useQuery({
    ...listFacesOptions(),
    select: ({ faceModels }) => faceModels.filter((face) => face.cloneId === clone?.id && face.status !== "cancelled"),
    enabled: clone !== undefined,
    refetchInterval: ({ state }) => (state.data?.faceModels.some(isMaking) === true ? pollAfter(state.dataUpdateCount % 8) : false),
  });
}

/** Whether the person has agreed to a face; null while that is not known (then the server decides). */
export function useFaceConsent(): boolean | null {
  const { data } = useQuery(listConsentsOptions());
  return data === undefined ? null : data.consents.some(({ subject, revokedAt }) => subject === "face" && revokedAt === null);
}
