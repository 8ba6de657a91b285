/** A window over the page, on the browser's own dialog: it keeps the focus, and Escape or a press beside it closes it. */
import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { IconButton } from "./button";
import "./dialog.css";
import { useUiWords } from "./words";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The row of buttons at its foot. */
  actions?: ReactNode;
  /** `alertdialog` for questions that must be answered. */
  role?: "dialog" | "alertdialog";
  size?: "normal" | "wide";
}

export function Dialog({ open, onClose, title, children, actions, role = "dialog", size = "normal" }: DialogProps) {
  const t = useUiWords();
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) box.current?.showModal();
    else if (box.current?.open === true) box.current.close();
  }, [open]);
  return (
    // The press beside the dialog is a convenience for pointers; keys have Escape and the close button.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={box}
      className="dialog"
      role={role}
      data-size={size}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current && role === "dialog") onClose();
      }}
    >
      {open && (
        <div className="dialog-inner">
          <header className="dialog-head">
            <h2 id={id}>{title}</h2>
            <IconButton label={t("close")} icon={X} onClick={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
          {actions !== undefined && <footer className="dialog-foot">{actions}</footer>}
        </div>
      )}
    </dialog>
  );
}
