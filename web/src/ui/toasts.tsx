/**
 * Short messages at the edge of the page, read out politely, that go by themselves (not while they are pointed at or have
 * the focus; F8 leads to them). `later` does a thing only when the time to undo it has gone by.
 */
import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Button, IconButton } from "./button";
import "./toasts.css";
import { useUiWords } from "./words";

interface Toast {
  text: string;
  tone?: "calm" | "bad";
  /** Shows a button that takes back what was done. */
  undo?: () => void;
}

export interface Later {
  /** What was done, as if it were. */
  text: string;
  /** Does it, when the toast goes or the page is left. */
  commit: () => void;
  /** Puts back what the page shows. */
  undo: () => void;
}

export interface Toasts {
  show: (toast: Toast) => void;
  later: (work: Later) => void;
}

interface Shown extends Toast {
  id: number;
  /** Called once, when it goes without having been taken back. */
  gone?: () => void;
}

const Context = createContext<Toasts | null>(null);
const STAY_MS = 6000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useUiWords();
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const count = useRef(0);
  const waiting = useRef(new Map<number, () => void>());
  const add = useCallback((toast: Omit<Shown, "id">) => {
    count.current += 1;
    const id = count.current;
    if (toast.gone !== undefined) waiting.current.set(id, toast.gone);
    setShown((before) => [...before, { ...toast, id }]);
  }, []);
  const toasts = useMemo<Toasts>(
    () => ({
      show: add,
      later: ({ text, commit, undo }) => {
        add({ text, undo, gone: commit });
      },
    }),
    [add],
  );
  const settle = useCallback((id: number, taken: "back" | "gone") => {
    const commit = waiting.current.get(id);
    waiting.current.delete(id);
    if (taken === "gone") commit?.();
  }, []);
  useEffect(() => {
    const all = (): void => {
      for (const id of [...waiting.current.keys()]) settle(id, "gone");
    };
    window.addEventListener("pagehide", all);
    return () => {
      window.removeEventListener("pagehide", all);
    };
  }, [settle]);
  return (
    <Context value={toasts}>
      <Radix.Provider duration={STAY_MS} label={t("toasts")}>
        {children}
        {shown.map((toast) => (
          <ToastView
            key={toast.id}
            toast={toast}
            onGone={(taken) => {
              settle(toast.id, taken);
              setShown((before) => before.filter(({ id }) => id !== toast.id));
            }}
          />
        ))}
        <Radix.Viewport className="toasts" label={`${t("toasts")} ({hotkey})`} />
      </Radix.Provider>
    </Context>
  );
}

function ToastView({ toast, onGone }: { toast: Shown; onGone: (taken: "back" | "gone") => void }) {
  const t = useUiWords();
  const { text, tone = "calm", undo } = toast;
  return (
    <Radix.Root className="toast" data-tone={tone} type={tone === "bad" ? "foreground" : "background"} onOpenChange={(open) => { if (!open) onGone("gone"); }}>
      <Radix.Description className="toast-text">{text}</Radix.Description>
      {undo !== undefined && (
        <Button
          size="small"
          look="quiet"
          onClick={() => {
            onGone("back");
            undo();
          }}
        >
          {t("undo")}
        </Button>
      )}
      <Radix.Close asChild>
        <IconButton label={t("dismiss")} icon={X} />
      </Radix.Close>
    </Radix.Root>
  );
}

export function useToasts(): Toasts {
  const toasts = use(Context);
  if (toasts === null) throw new Error("useToasts needs a ToastProvider around it");
  return toasts;
}
