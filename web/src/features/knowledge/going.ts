/**
 * What is about to be deleted: hidden at once, wherever it is listed, and deleted when the time to undo has gone by. It is
 * kept beside React, so that going to another page and back does not bring it back to sight.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useErrorWords } from "@/ui/error-words";
import { useToasts } from "@/ui/toasts";
import { asApiError } from "@/wire/api-error";
import { useWords } from "./words";

let hidden: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function hide(id: string, yes: boolean): void {
  const next = new Set(hidden);
  if (yes) next.add(id);
  else next.delete(id);
  hidden = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The ids that no list shows any more. */
export function useGoing(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => hidden);
}

export interface Leaving {
  id: string;
  /** What was done, as if it were. */
  text: string;
  remove: () => Promise<unknown>;
  /** Names of the requests whose answers are no longer true then. */
  stale: readonly Asked[];
}

export type Asked = "listDocuments" | "listProducts" | "listUnanswered" | "listAnswers" | "searchKnowledge" | "listReports" | "showAnswering" | "showDocument";

export function useRemoveLater(): (leaving: Leaving) => void {
  const t = useWords();
  const toasts = useToasts();
  const words = useErrorWords();
  const outdate = useOutdate();
  return ({ id, text, remove, stale }) => {
    hide(id, true);
    toasts.later({
      text,
      undo: () => {
        hide(id, false);
      },
      commit: () => {
        void remove()
          .then(() => outdate(...stale))
          .catch((error: unknown) => {
            toasts.show({ tone: "bad", text: `${t("removeFailed")} ${words(asApiError(error))}` });
          })
          .finally(() => {
            hide(id, false);
          });
      },
    });
  };
}

/** Asks again for what has changed; settles when what is shown is true again. */
export function useOutdate(): (...names: Asked[]) => Promise<void> {
  const client = useQueryClient();
  return async (...names) => {
    await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [{ _id: name }] })));
  };
}
