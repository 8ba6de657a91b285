/** What would make a face better, from what was seen in its pictures. Pure. */
import type { FaceModelItem } from "@/wire/api";
import type words from "./words/en.json";

export type Advice = keyof (typeof words)["advice"];

const KNOWN = new Set<string>([
  "NO_FACE", "UNREADABLE", "TWO_FACES", "BACKGROUND_FACE", "PROFILE", "TURNED", "ANGLED", "TILTED", "TOO_DARK", "DIM", "OVEREXPOSED",
  "BRIGHT", "UNEVEN_LIGHT", "BLURRED", "SOFT", "TOO_SMALL", "SMALL", "CUT_OFF", "MOUTH_COVERED", "EYES_COVERED", "EYES_SHUT", "MOUTH_OPEN",
]);
const FEW = 3;
const MOST = 3;

/** The reasons that have words, in their order. */
export function known(reasons: readonly string[]): Advice[] {
  return reasons.filter((reason): reason is Advice => KNOWN.has(reason));
}

/** At most three things, the most frequent first; more pictures before all, where there were few. */
export function adviceFor({ media, good, quality }: Pick<FaceModelItem, "media" | "good" | "quality">): Advice[] {
  const counts = new Map<Advice, number>();
  for (const { reasons } of quality ?? []) for (const reason of known(reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const least = media?.type === "video" ? Math.max(2, (quality?.length ?? 0) / 4) : 1;
  const often = [...counts].filter(([, count]) => count >= least).sort((one, two) => two[1] - one[1]);
  const few: Advice[] = media?.type === "images" && (good ?? 0) < FEW ? ["FEW"] : [];
  return [...few, ...often.map(([reason]) => reason)].slice(0, MOST);
}
