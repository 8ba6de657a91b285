/** Deletes a clone with all that belongs to it. It cannot be undone, so its name is typed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { useToasts } from "@/ui/toasts";
import type { OwnClone } from "@/wire/api";
import { deleteCloneMutation, listFacesQueryKey, listMeetableClonesQueryKey, listOwnClonesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export function DeleteClone({ clone, open, onClose }: { clone: OwnClone; open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={t("delete.title", { name: clone.name })}>
      {open && <DeleteForm clone={clone} onClose={onClose} />}
    </Dialog>
  );
}

/** Spaces at the ends, and capitals, do not matter. */
export function isTyped(typed: string, name: string): boolean {
  return typed.trim().toLocaleLowerCase() === name.trim().toLocaleLowerCase();
}

function DeleteForm({ clone, onClose }: { clone: OwnClone; onClose: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    ...deleteCloneMutation(),
    onSuccess: async () => {
      toasts.show({ text: t("delete.done", { name: clone.name }) });
      for (const queryKey of [listOwnClonesQueryKey(), listMeetableClonesQueryKey(), listFacesQueryKey()]) await queries.invalidateQueries({ queryKey });
    },
  });
  const ready = isTyped(typed, clone.name);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) remove.mutate({ path: { slug: clone.slug } });
      }}
    >
      <p>{t("delete.text")}</p>
      {remove.error !== null && <ErrorNote error={remove.error} />}
      <TextField label={t("delete.type", { name: clone.name })} autoComplete="off" value={typed} onChange={(event) => { setTyped(event.target.value); }} />
      <div className="form-foot">
        <Button look="danger" type="submit" disabled={!ready} busy={remove.isPending}>
          {t("delete.action")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("new.cancel")}
        </Button>
      </div>
    </form>
  );
}
