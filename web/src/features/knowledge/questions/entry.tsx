/** One thing somebody said, with what can be done about it. */
import type { ReactNode } from "react";

interface EntryProps {
  title: string;
  /** When, how often. */
  facts?: string;
  children?: ReactNode;
  actions: ReactNode;
}

export function Entry({ title, facts, children, actions }: EntryProps) {
  return (
    <li className="entry">
      <div className="entry-words">
        <p className="doc-name">{title}</p>
        {facts !== undefined && <p className="product-detail">{facts}</p>}
        {children}
      </div>
      <div className="entry-actions">{actions}</div>
    </li>
  );
}
