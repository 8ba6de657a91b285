/** What a check of a key means for its look. */
import type { CheckItem } from "@/wire/api";

export function toneOf(state: CheckItem["state"]): "calm" | "good" | "warn" | "bad" {
  if (state === "works") return "good";
  if (state === "refused" || state === "unusable") return "bad";
  return state === "unreachable" ? "warn" : "calm";
}
