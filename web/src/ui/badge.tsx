/** The state of a thing in one or two words. The tone repeats what the words say; it never says it alone. */
import type { ReactNode } from "react";
import "./states.css";

export function Badge({ tone = "calm", children }: { tone?: "calm" | "good" | "warn" | "bad"; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}
