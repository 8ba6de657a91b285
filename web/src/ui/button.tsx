/** What one presses. One look, four weights; `to` makes it a link that looks the same. */
import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Link } from "react-router";
import "./button.css";

interface Looks {
  /** `primary` once per view; `danger` for what cannot be undone. */
  look?: "primary" | "secondary" | "quiet" | "danger";
  size?: "normal" | "small" | "large";
  icon?: LucideIcon;
  children: ReactNode;
}

interface ButtonProps extends Looks, Omit<ComponentProps<"button">, "children"> {
  /** Work is under way: it cannot be pressed again. */
  busy?: boolean;
}

export function Button({ look = "secondary", size = "normal", icon: Icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button type="button" data-look={look} data-size={size} aria-busy={busy || undefined} {...rest} className={named(rest.className)} disabled={busy || rest.disabled}>
      {busy ? <LoaderCircle className="icon turning" aria-hidden="true" /> : Icon !== undefined && <Icon className="icon" aria-hidden="true" />}
      <span>{children}</span>
    </button>
  );
}

interface ButtonLinkProps extends Looks, Omit<ComponentProps<typeof Link>, "children"> {}

export function ButtonLink({ look = "secondary", size = "normal", icon: Icon, children, ...rest }: ButtonLinkProps) {
  return (
    <Link data-look={look} data-size={size} {...rest} className={named(rest.className)}>
      {Icon !== undefined && <Icon className="icon" aria-hidden="true" />}
      <span>{children}</span>
    </Link>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** Its name: read out, and shown when the pointer rests on it. */
  label: string;
  icon: LucideIcon;
}

export function IconButton({ label, icon: Icon, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`icon-button ${className ?? ""}`}>
      <Icon className="icon" aria-hidden="true" />
    </button>
  );
}

function named(extra: string | undefined): string {
  return extra === undefined ? "button" : `button ${extra}`;
}
