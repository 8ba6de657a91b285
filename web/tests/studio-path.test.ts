/** The path of a clone, its jobs and its greeting: what is decided without a page. */
import { describe, expect, it } from "vitest";
import { defaultGreeting } from "@/features/studio-path/greeting";
import { stepOfKind, trayOf, unfinished } from "@/features/studio-path/jobs";
import { doneOf, missingOf, pathOf, resumeAt, wishesFor, type Facts } from "@/features/studio-path/steps";
import { stepOf } from "@/ui/jobs/step-words";
import type { JobItem, OwnClone } from "@/wire/api";

const CLONE: OwnClone = {
  id: "c1", slug: "ada", name: "Ada", description: "", greeting: "", language: "EN", public: false, demonstration: false, adherence: "adaptive",
  knowledgeVersion: 0, hasFace: false, hasVoice: false, faceModelId: null, voiceModelId: null, documents: { total: 0, reading: 0, failed: 0 }, createdAt: null,
};
const AGREED = [{ subject: "voice", revokedAt: null }, { subject: "face", revokedAt: null }] as const;
const PERSONA = { history: [], manualOverrides: { role: "a potter", greeting: "Hello." } };
const facts = (clone: Partial<OwnClone>, more: Partial<Facts> = {}): Facts => ({ clone: { ...CLONE, ...clone }, consents: [], voices: [], faces: [], persona: PERSONA, jobs: [], ...more });
const one = (status: string, cloneId = "c1") => [{ cloneId, status }] as NonNullable<Facts["faces"]>;

describe("the path", () => {
  it.each<[string, Facts, string, string]>([
    ["nothing yet", facts({}), "needs locked locked open optional optional", "consent"],
    ["agreed", facts({}, { consents: AGREED }), "done open open open optional optional", "voice"],
    ["a consent that was taken back", facts({}, { consents: [{ subject: "voice", revokedAt: "2026-01-01" }] }), "needs locked locked open optional optional", "consent"],
    ["only the face agreed", facts({}, { consents: [{ subject: "face", revokedAt: null }] }), "needs locked open open optional optional", "consent"],
    ["a face being made", facts({ hasVoice: true }, { consents: AGREED, faces: one("running") }), "done done going open optional optional", "knowledge"],
    ["a face to be accepted", facts({ hasVoice: true, hasFace: true }, { consents: AGREED, faces: one("ready") }), "done done needs open optional optional", "face"],
    ["a face that failed", facts({ hasVoice: true }, { consents: AGREED, faces: one("failed") }), "done done needs open optional optional", "face"],
    ["another clone's face", facts({ hasVoice: true }, { consents: AGREED, faces: one("running", "c2") }), "done done open open optional optional", "face"],
    ["documents being read", facts({ hasVoice: true, hasFace: true, documents: { total: 3, reading: 1, failed: 1 } }, { consents: AGREED }), "done done done going optional optional", "manner"],
    ["a document that failed", facts({ hasVoice: true, hasFace: true, documents: { total: 3, reading: 0, failed: 1 } }, { consents: AGREED }), "done done done needs optional optional", "knowledge"],
    ["all of it", facts({ hasVoice: true, hasFace: true, documents: { total: 3, reading: 0, failed: 0 } }, { consents: AGREED, persona: { history: [], manualOverrides: { tone: "dry" } } }), "done done done done done optional", "try"],
    ["the demonstration", facts({ demonstration: true, hasFace: true, documents: { total: 1, reading: 0, failed: 0 } }), "done open done done optional optional", "voice"],
    ["consents not known yet", facts({}, { consents: undefined }), "done open open open optional optional", "voice"],
  ])("%s", (_name, known, states, next) => {
    const path = pathOf(known);
    expect(Object.values(path).join(" ")).toBe(states);
    expect(resumeAt(path)).toBe(next);
  });

  it("counts what is done, without the trying", () => {
    expect(doneOf(pathOf(facts({ hasVoice: true }, { consents: AGREED })))).toEqual({ done: 2, of: 5 });
  });

  it("says what is missing and what would be better", () => {
    expect(missingOf(CLONE)).toEqual(["voice", "face", "knowledge"]);
    expect(missingOf({ ...CLONE, demonstration: true })).toEqual([]);
    expect(wishesFor(facts({ documents: { total: 1, reading: 0, failed: 1 } }))).toEqual(["failed", "more", "voice", "face", "description", "greeting", "manner"]);
    expect(wishesFor(facts({ description: "x", greeting: "x", hasFace: true, hasVoice: true, documents: { total: 4, reading: 0, failed: 0 } }, { persona: undefined }))).toEqual([]);
  });
});

const NOW = Date.parse("2026-05-02T12:00:00Z");
const job = (id: string, kind: string, status: JobItem["status"], finishedAt: string | null = "2026-05-02T11:00:00Z"): JobItem => ({
  id, kind, status, finishedAt, cancelRequested: false, cloneId: "c1", documentId: null, about: "", createdAt: "2026-05-02T10:00:00Z", errorCode: null, errorMessage: null, progress: 0.5, startedAt: null, step: "",
});

describe("the tray", () => {
  it("shows what runs, then fresh failures that nothing followed", () => {
    const jobs = [job("a", "ingest", "failed"), job("b", "build-face", "running", null), job("c", "ingest", "completed"), job("d", "erase", "running", null), job("e", "enrol-voice", "failed", "2026-04-30T11:00:00Z")];
    expect(trayOf(jobs, new Set(), NOW).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(trayOf(jobs, new Set(["a"]), NOW).map(({ id }) => id)).toEqual(["b"]);
    expect(unfinished(jobs).map(({ id }) => id)).toEqual(["b", "d"]);
  });

  it("forgets a failure when a later try is there", () => {
    expect(trayOf([job("b", "build-face", "completed"), job("a", "build-face", "failed")], new Set(), NOW)).toEqual([]);
    expect(trayOf([job("b", "build-face", "cancelled"), job("a", "build-face", "failed")], new Set(), NOW)).toHaveLength(1);
    expect(trayOf([job("b", "ingest", "completed"), job("a", "ingest", "failed")], new Set(), NOW)).toHaveLength(1);
  });

  it.each([["build-face", "face"], ["enrol-voice", "voice"], ["ingest", "knowledge"], ["extract-persona", "manner"], ["render-clip", "try"], ["erase", null]])("%s belongs to %s", (kind, step) => {
    expect(stepOfKind(kind)).toBe(step);
  });

  it.each([
    ["Looking at photo 2 of 7", { key: "photo", first: "2", second: "7" }],
    ["Looking at the video, second 12", { key: "video", first: "12", second: "" }],
    ["Listening to recording 3 of 9", { key: "recording", first: "3", second: "9" }],
    ["Letting the face say a sentence", { key: "sentence", first: "", second: "" }],
    ["", { key: "waiting", first: "", second: "" }],
    ["Waiting for the moon", null],
  ])("knows the step %j", (said, step) => {
    expect(stepOf(said)).toEqual(step);
  });
});

describe("the greeting", () => {
  it("is in the clone's language, with its name", () => {
    expect(defaultGreeting(" Ada ", "EN")).toBe("Hello, I am Ada. What would you like to know?");
    expect(defaultGreeting("Ada", "ES")).toContain("soy Ada");
    expect(defaultGreeting("小明", "ZH")).toContain("我是小明");
    expect(defaultGreeting("  ", "EN")).toBe("");
  });
});
