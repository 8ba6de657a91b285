/** How far a clone is: the state of every step of its path, where to go on, and what it can do already. Pure. */
import type { FaceModelItem, JobItem, OwnClone, PersonaItem, SpokenConsent, VoiceModelItem } from "@/wire/api";

export const STEPS = ["consent", "voice", "face", "knowledge", "manner", "try"] as const;
export type StepName = (typeof STEPS)[number];

/** `going`: work is under way; `needs`: the person is waited for; `open`: not begun; `locked`: consent comes first. */
export type StepState = "done" | "going" | "needs" | "open" | "optional" | "locked";

/** What is known; null or left out while it is not. */
export interface Facts {
  clone: OwnClone;
  consents?: readonly Pick<SpokenConsent, "subject" | "revokedAt">[] | undefined;
  voices?: readonly Pick<VoiceModelItem, "cloneId" | "status">[] | undefined;
  faces?: readonly Pick<FaceModelItem, "cloneId" | "status">[] | undefined;
  persona?: Pick<PersonaItem, "history" | "manualOverrides"> | undefined;
  jobs?: readonly Pick<JobItem, "kind" | "status">[] | undefined;
}

export type PathState = Record<StepName, StepState>;

/** Fields that are filled in when a clone is begun; they are no manner yet. */
const BEGUN = ["role", "greeting"];

export function pathOf(facts: Facts): PathState {
  const { clone } = facts;
  const agreed = (subject: "voice" | "face"): boolean => clone.demonstration || facts.consents === undefined || given(facts.consents, subject);
  const making = (status: string): boolean => status === "pending" || status === "running";
  const made = (all: readonly { cloneId: string; status: string }[] | undefined, has: boolean, subject: "voice" | "face"): StepState => {
    const own = (all ?? []).filter(({ cloneId }) => cloneId === clone.id).map(({ status }) => status);
    if (own.some(making)) return "going";
    if (own.includes("ready")) return "needs";
    if (has) return "done";
    if (!agreed(subject)) return "locked";
    return own[0] === "failed" ? "needs" : "open";
  };
  const { total, reading, failed } = clone.documents;
  const running = (kind: string): boolean => (facts.jobs ?? []).some((job) => job.kind === kind && making(job.status));
  return {
    consent: agreed("voice") && agreed("face") ? "done" : "needs",
    voice: made(facts.voices, clone.hasVoice, "voice"),
    face: made(facts.faces, clone.hasFace, "face"),
    knowledge: reading > 0 ? "going" : failed > 0 ? "needs" : total > 0 ? "done" : "open",
    manner: running("extract-persona") ? "going" : hasManner(facts.persona) ? "done" : "optional",
    try: "optional",
  };
}

function given(consents: NonNullable<Facts["consents"]>, subject: "voice" | "face"): boolean {
  return consents.some((consent) => consent.subject === subject && consent.revokedAt === null);
}

function hasManner(persona: Facts["persona"]): boolean {
  if (persona === undefined) return false;
  const own = Object.entries(persona.manualOverrides ?? {}).filter(([name, value]) => !BEGUN.includes(name) && value !== null);
  return own.length > 0 || persona.history.length > 0;
}

/** Where to go on: what waits for the person or was not begun, in the path's order; then what is optional. */
export function resumeAt(path: PathState): StepName {
  return STEPS.find((step) => path[step] === "needs" || path[step] === "open") ?? STEPS.find((step) => path[step] === "optional") ?? "try";
}

/** The steps that count, and how many of them are done. */
export function doneOf(path: PathState): { done: number; of: number } {
  const counted = STEPS.filter((step) => step !== "try");
  return { done: counted.filter((step) => path[step] === "done").length, of: counted.length };
}

/** What may be said of the clone on its card: the first things that are missing. */
export function missingOf(clone: OwnClone): ("voice" | "face" | "knowledge")[] {
  const missing: ("voice" | "face" | "knowledge")[] = [];
  if (!clone.hasVoice) missing.push("voice");
  if (!clone.hasFace) missing.push("face");
  if (clone.documents.total === 0) missing.push("knowledge");
  return clone.demonstration ? [] : missing;
}

/** What would make a clone better, most telling first. */
export function wishesFor({ clone, persona }: Facts): ("voice" | "face" | "knowledge" | "failed" | "more" | "manner" | "description" | "greeting")[] {
  const wishes: ReturnType<typeof wishesFor> = [];
  if (clone.documents.failed > 0) wishes.push("failed");
  if (clone.documents.total === 0) wishes.push("knowledge");
  else if (clone.documents.total < 3) wishes.push("more");
  if (!clone.hasVoice) wishes.push("voice");
  if (!clone.hasFace) wishes.push("face");
  if (clone.description === "") wishes.push("description");
  if (clone.greeting === "") wishes.push("greeting");
  if (persona !== undefined && !hasManner(persona)) wishes.push("manner");
  return clone.demonstration ? wishes.filter((wish) => wish !== "voice" && wish !== "face") : wishes;
}
