/** Which jobs the tray shows, and what each is about. Pure, but for what the person has put away. */
import type { JobItem } from "@/wire/api";
import type { StepName } from "./steps";

const STEP_OF: Record<string, StepName> = {
  "build-face": "face",
  "enrol-voice": "voice",
  ingest: "knowledge",
  "extract-persona": "manner",
  "render-clip": "try",
};
/** Failures older than this are history. */
const DAY_MS = 24 * 3600_000;
const KEY = "selfsame.jobs.away";
const KEPT = 200;

export function stepOfKind(kind: string): StepName | null {
  return STEP_OF[kind] ?? null;
}

export function unfinished(jobs: readonly JobItem[]): JobItem[] {
  return jobs.filter(({ status }) => status === "pending" || status === "running");
}

/** Unfinished ones, and failures of the last day that were not put away and were not followed by a later try. */
export function trayOf(jobs: readonly JobItem[], away: ReadonlySet<string>, nowMs: number): JobItem[] {
  const shown = jobs.filter((job, index) => {
    if (stepOfKind(job.kind) === null) return false;
    if (job.status === "pending" || job.status === "running") return true;
    if (job.status !== "failed" || away.has(job.id)) return false;
    const fresh = nowMs - new Date(job.finishedAt ?? job.createdAt).getTime() < DAY_MS;
    // The list has the newest first.
    const later = job.kind !== "ingest" && jobs.slice(0, index).some(({ kind, status }) => kind === job.kind && status !== "cancelled");
    return fresh && !later;
  });
  return shown.sort((one, two) => Number(one.status === "failed") - Number(two.status === "failed"));
}

export function readAway(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set(); // storage is switched off, or holds something else
  }
}

export function keepAway(ids: ReadonlySet<string>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...ids].slice(-KEPT)));
  } catch {
    // storage is switched off: it lasts as long as the page
  }
}
