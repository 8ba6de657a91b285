/** The faces of a clone: the one that is shown, those being made, those to choose from, those that came to nothing. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useToasts } from "@/ui/toasts";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { activateFaceMutation, deleteFaceMutation, listFacesQueryKey, listOwnClonesQueryKey, showCloneQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { FailedFace } from "./failed-face";
import { FaceCard } from "./face-card";
import { isMaking } from "./face-state";
import { MakingFace } from "./making-face";
import { OtherFace } from "./other-face";
import { useWords } from "./words";

interface FaceListProps {
  clone: OwnClone;
  faces: readonly FaceModelItem[];
}

export function FaceList({ clone, faces }: FaceListProps) {
  const t = useWords();
  const { accept, discard, stop, error, busy, hidden } = useFaceDeeds(clone);
  const shown = faces.filter(({ faceModelId }) => !hidden.has(faceModelId));
  const others = shown.filter(({ status }) => status === "replaced");
  return (
    <>
      {error !== null && <ErrorNote error={error} />}
      {shown.filter(isMaking).map((face) => (
        <MakingFace key={face.faceModelId} face={face} onStop={() => { stop(face); }} />
      ))}
      {shown
        .filter(({ status }) => status === "failed")
        .map((face) => (
          <FailedFace key={face.faceModelId} face={face} onDismiss={() => { stop(face); }} />
        ))}
      {shown
        .filter(({ status }) => status === "ready" || status === "active")
        .map((face) => (
          <FaceCard key={face.faceModelId} clone={clone} face={face} busy={busy} onAccept={() => { accept(face); }} onDiscard={() => { discard(face); }} />
        ))}
      {others.length > 0 && (
        <section>
          <h2>{t("others")}</h2>
          <ul className="other-faces">
            {others.map((face) => (
              <OtherFace key={face.faceModelId} clone={clone} face={face} busy={busy} onAccept={() => { accept(face); }} onDiscard={() => { discard(face); }} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** What can be done with a face. Discarding can be undone for a moment; of the face that is shown it is asked first. */
function useFaceDeeds(clone: OwnClone) {
  const t = useWords();
  const queries = useQueryClient();
  const toasts = useToasts();
  const confirm = useConfirm();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const refresh = (): void => {
    for (const queryKey of [listFacesQueryKey(), listOwnClonesQueryKey(), showCloneQueryKey({ path: { slug: clone.slug } })]) void queries.invalidateQueries({ queryKey });
  };
  const activate = useMutation({
    ...activateFaceMutation(),
    onSuccess: () => { toasts.show({ text: t("accepted", { name: clone.name }) }); },
    onSettled: refresh,
  });
  const remove = useMutation({ ...deleteFaceMutation(), onSettled: refresh });
  const hide = (id: string, on: boolean): void => {
    setHidden((before) => new Set(on ? [...before, id] : [...before].filter((other) => other !== id)));
  };
  const stop = ({ faceModelId }: FaceModelItem): void => {
    remove.mutate({ path: { face_id: faceModelId } });
  };
  const discard = async (face: FaceModelItem): Promise<void> => {
    const id = face.faceModelId;
    if (face.status === "active" && !(await confirm({ title: t("discardActive.title"), text: t("discardActive.text", { name: clone.name }), action: t("discard") }))) return;
    hide(id, true);
    toasts.later({
      text: t("discarded"),
      commit: () => { stop(face); },
      undo: () => { hide(id, false); },
    });
  };
  return {
    accept: ({ faceModelId }: FaceModelItem) => { activate.mutate({ path: { face_id: faceModelId } }); },
    discard: (face: FaceModelItem) => void discard(face),
    stop,
    hidden,
    busy: activate.isPending,
    error: activate.error ?? remove.error,
  };
}
