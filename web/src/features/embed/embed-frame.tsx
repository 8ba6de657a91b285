/** What stands around a talk inside another site: nothing. Links open beside that site, never within the frame. */
import { useEffect, type MouseEvent, type ReactNode } from "react";
import "./embed.css";

/** What the page around is told when Escape is pressed here (public/embed.js). */
const CLOSE = "selfsame:close";

export function EmbedFrame({ children }: { children: ReactNode }) {
  useEffect(() => {
    const tell = (event: KeyboardEvent): void => {
      // Which site is around is not known here; the message says nothing but that the talk may be closed.
      if (event.key === "Escape" && !event.defaultPrevented && window.parent !== window) window.parent.postMessage(CLOSE, "*");
    };
    window.addEventListener("keydown", tell);
    return () => {
      window.removeEventListener("keydown", tell);
    };
  }, []);
  return (
    <div className="embed" onClickCapture={outside}>
      {children}
    </div>
  );
}

function outside(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.hasAttribute("download")) return;
  event.preventDefault();
  window.open(link.href, "_blank", "noopener");
}
