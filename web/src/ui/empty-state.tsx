/** Nothing here yet: says what would be here, and what to do first. */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import "./states.css";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  text: string;
  /** The first thing to do. */
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon className="icon" aria-hidden="true" />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  );
}
