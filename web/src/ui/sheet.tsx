/** A button that opens a sheet over the page: a popover on wide screens, from the bottom edge on phones. */
import { useId, type ReactNode } from "react";
import { ChevronIcon, CloseIcon } from "./icons";

interface SheetProps {
  title: string;
  /** What the button says beside the title. */
  value: string;
  children: ReactNode;
}

export function Sheet({ title, value, children }: SheetProps) {
  const id = useId();
  return (
    <>
      <button type="button" className="sheet-button" popoverTarget={id}>
        <span>{title}</span>
        <span className="sheet-value">{value}</span>
        <ChevronIcon />
      </button>
      <div id={id} className="sheet" popover="auto" role="dialog" aria-labelledby={`${id}-title`}>
        <div className="sheet-head">
          <h2 id={`${id}-title`}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" popoverTarget={id} popoverTargetAction="hide">
            <CloseIcon />
          </button>
        </div>
        {children}
      </div>
    </>
  );
}
