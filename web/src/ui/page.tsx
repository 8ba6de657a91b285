/** The frame of a page: its name in the window's title, and a heading that takes the focus when one comes from elsewhere. */
import { useEffect, useRef, type ReactNode } from "react";
import { useLocation } from "react-router";
import "./page.css";

interface PageProps {
  title: string;
  /** What the page is for, in a sentence. */
  lead?: string;
  /** Beside the heading: the main thing to do. */
  actions?: ReactNode;
  width?: "narrow" | "normal" | "wide";
  children: ReactNode;
}

export function Page({ title, lead, actions, width = "normal", children }: PageProps) {
  return (
    <div className="page" data-width={width}>
      <header className="page-head">
        <div>
          <Heading>{title}</Heading>
          {lead !== undefined && <p className="page-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** False until the first page has been shown: the browser has put the focus where it belongs then. */
let arrived = false;

/** The page's one first-level heading. */
export function Heading({ children, className }: { children: string; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useTitle(children);
  useEffect(() => {
    if (arrived) heading.current?.focus();
    arrived = true;
  }, [pathname]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "Selfsame" || title === "" ? "Selfsame" : `${title} · Selfsame`;
  }, [title]);
}
