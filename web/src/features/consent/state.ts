/** What a list of consents says. Pure. */
import { ApiError } from "@/wire/api-error";
import type { SpokenConsent } from "@/wire/api/types.gen";

export interface Standing {
  /** The consents in force. */
  voice: SpokenConsent | null;
  face: SpokenConsent | null;
  /** Those that have ended, newest first. */
  ended: SpokenConsent[];
}

/** `consents` as the server gives them: oldest first. */
export function standing(consents: readonly SpokenConsent[]): Standing {
  const live = (subject: string): SpokenConsent | null => consents.findLast((each) => each.subject === subject && each.revokedAt === null) ?? null;
  const ended = consents.filter(({ revokedAt }) => revokedAt !== null).sort((a, b) => (b.revokedAt ?? "").localeCompare(a.revokedAt ?? ""));
  return { voice: live("voice"), face: live("face"), ended };
}

const LACKS = ["agreement", "words", "name", "date"] as const;
export type Lack = (typeof LACKS)[number];

export interface Refusal {
  heard: string;
  missing: Lack[];
}

/** Why a spoken consent was not taken; null when it was for another reason than its words. */
export function refusalOf(error: Error | null): Refusal | null {
  if (!(error instanceof ApiError) || error.code !== "CONSENT_NOT_HEARD") return null;
  const { heard, missing } = error.details;
  const named = Array.isArray(missing) ? LACKS.filter((lack) => missing.includes(lack)) : [];
  return { heard: typeof heard === "string" ? heard : "", missing: named.length > 0 ? named : ["words"] };
}
