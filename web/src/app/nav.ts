/** The places of the app, in the order in which they are shown. */
import { Activity, Hammer, House, Settings2, UserRound, type LucideIcon } from "lucide-react";

export interface Place {
  to: string;
  /** Which of the words of `nav` names it. */
  name: "home" | "avatar" | "studio" | "settings" | "operations";
  icon: LucideIcon;
  /** Among the few that a phone shows at its foot. */
  first: boolean;
  /** What one must be permitted to be shown it. */
  needs?: string;
}

/** Whether it is shown to whoever bears those permissions. A server of before may name none. */
export function isOpen({ needs }: Place, permissions: readonly string[] | undefined): boolean {
  return needs === undefined || permissions?.includes(needs) === true;
}

export const PLACES: readonly Place[] = [
  { to: "/", name: "home", icon: House, first: true },
  { to: "/avatar", name: "avatar", icon: UserRound, first: true },
  { to: "/studio", name: "studio", icon: Hammer, first: true },
  { to: "/settings", name: "settings", icon: Settings2, first: true },
  { to: "/operations", name: "operations", icon: Activity, first: false, needs: "read_metrics" },
];
