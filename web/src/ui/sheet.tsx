/** A button that opens a sheet over the page: a popover on wide screens, from the bottom edge on phones. */
import { ChevronDown, X } from "lucide-react";
import { useId, type ReactNode } from "react";
import { useUiWords } from "./words";

interface SheetProps {
  title: string;
  /** What the button says beside the title. */
  value: string;
  /** Told when it opens and closes. */
  onToggle?: (open: boolean) => void;
  children: ReactNode;
}

export function Sheet({ title, value, onToggle, children }: SheetProps) {
  const t = useUiWords();
  const id = useId();
  return (
    <>
      <button type="button" className="sheet-button" popoverTarget={id}>
        <span>{title}</span>
        <span className="sheet-value">{value}</span>
        <ChevronDown className="icon" aria-hidden="true" />
      </button>
      <div id={id} className="sheet" popover="auto" role="dialog" aria-labelledby={`${id}-title`} onToggle={(event) => { onToggle?.(event.newState === "open"); }}>
        <div className="sheet-head">
          <h2 id={`${id}-title`}>{title}</h2>
          <button type="button" className="icon-button" aria-label={t("close")} popoverTarget={id} popoverTargetAction="hide">
            <X className="icon" aria-hidden="true" />
          </button>
        </div>
        {children}
      </div>
    </>
  );
}
