/** A quiet box for one thing, with an optional heading and what can be done with it. */
import { useId, type ReactNode } from "react";
import "./card.css";

interface CardProps {
  title?: string;
  /** Level of the title's heading. */
  level?: 2 | 3;
  /** Beside the title: buttons, a badge. */
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Card({ title, level = 2, actions, children, className }: CardProps) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className={`card ${className ?? ""}`} aria-labelledby={title === undefined ? undefined : id}>
      {(title !== undefined || actions !== undefined) && (
        <header className="card-head">
          {title !== undefined && <Heading id={id}>{title}</Heading>}
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
