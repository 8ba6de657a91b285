/** Asks before what cannot be undone: `if (await confirm({ title, text, action })) …`. */
import { createContext, use, useCallback, useState, type ReactNode } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { useUiWords } from "./words";

export interface Question {
  title: string;
  /** What will happen, and what cannot be had back. */
  text: string;
  /** The word on the button that does it: a verb. */
  action: string;
  danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;
const Context = createContext<Ask | null>(null);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const t = useUiWords();
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const ask = useCallback<Ask>((question) => new Promise((answer) => { setAsked({ question, answer }); }), []);
  const close = (yes: boolean): void => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <Context value={ask}>
      {children}
      <Dialog
        open={asked !== null}
        role="alertdialog"
        title={asked?.question.title ?? ""}
        onClose={() => { close(false); }}
        actions={
          <>
            <Button onClick={() => { close(false); }}>{t("cancel")}</Button>
            <Button look={asked?.question.danger === false ? "primary" : "danger"} onClick={() => { close(true); }}>
              {asked?.question.action ?? ""}
            </Button>
          </>
        }
      >
        <p>{asked?.question.text}</p>
      </Dialog>
    </Context>
  );
}

export function useConfirm(): Ask {
  const ask = use(Context);
  if (ask === null) throw new Error("useConfirm needs a ConfirmProvider around it");
  return ask;
}
