// @vitest-environment jsdom
/** The manner: both halves and what counts; writing, resetting, learning from a file with its progress, and what changed. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import MannerStep from "@/features/manner/manner-step";
import { changedFields, problemOf, sampleLine, valueOf } from "@/features/manner/profile";
import { ConfirmProvider } from "@/ui/confirm";
import { ToastProvider } from "@/ui/toasts";
import type { MergedPersona, PersonaEdit, PersonaItem } from "@/wire/api";
import { client } from "@/wire/api/client.gen";
import { forgetSession } from "@/wire/session";
import { NOBODY } from "./persona";

const merged: MergedPersona = { ...NOBODY, tone: "warm", fillers: ["you know"], catchphrases: ["off we go"], formality: "casual" };
const PERSONA: PersonaItem = {
  clone: "ada",
  fields: [
    { field: "tone", auto: "dry", mine: "warm", overridden: true, merged: "warm" },
    { field: "formality", auto: "casual", mine: null, overridden: false, merged: "casual" },
    { field: "catchphrases", auto: ["off we go"], mine: null, overridden: false, merged: ["off we go"] },
  ],
  autoExtracted: {}, manualOverrides: { tone: "warm" }, merged, history: [{ id: "h", createdAt: "2026-11-20T10:00:00Z", source: "talk.txt", engine: "statistics", figures: { words: 900 }, notes: [] }],
  evidence: { catchphrases: [{ what: "off we go", count: 4, score: 9, quotes: ["Right, off we go then."] }] },
};
const JOB = { jobId: "j", progress: 0.5, message: "counting phrases", source: "talk.txt", createdAt: "2026-11-20T10:00:00Z", result: null };

let persona: PersonaItem;
let edits: PersonaEdit[];
let job: object;
let asked: string[];

beforeEach(() => {
  persona = PERSONA;
  edits = [];
  asked = [];
  job = { ...JOB, status: "running" };
  forgetSession();
  client.setConfig({ baseUrl: "http://localhost:3000" });
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const path = new URL(input instanceof Request ? input.url : input, "http://localhost/").pathname;
    const method = input instanceof Request ? input.method : "POST";
    asked.push(`${method} ${path}`);
    if (path === "/api/persona" && method === "PATCH" && input instanceof Request) edits.push((await input.json()) as PersonaEdit);
    const answers: Record<string, unknown> = {
      "/api/sessions": { token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } },
      "/api/persona": persona,
      "/api/jobs": { jobs: [] },
      "/api/clones/ada": { id: "a", slug: "ada" },
      "/api/persona/extract": { ...JOB, status: "pending" },
      "/api/persona/jobs/j": job,
    };
    return Response.json(answers[path]);
  });
  HTMLElement.prototype.hasPointerCapture = () => false;
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
configure({ asyncUtilTimeout: 15_000 });
const user = userEvent.setup();

function open(): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={["/studio/ada/manner"]}>
        <ToastProvider>
          <ConfirmProvider>
            <Routes>
              <Route path="studio/:clone/manner" element={<MannerStep />} />
            </Routes>
          </ConfirmProvider>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const row = async (name: string): Promise<HTMLElement> => (await screen.findByRole("heading", { level: 3, name })).closest("li") as HTMLElement;

describe("the manner", () => {
  it("shows what was learnt, mine and what counts, and where it comes from", async () => {
    open();
    const tone = await row("Tone");
    expect(within(tone).getByText("dry")).toBeTruthy();
    expect(within(tone).getAllByText("warm")).toHaveLength(2);
    expect(within(await row("Catchphrases")).getByText("Right, off we go then.")).toBeTruthy();
    expect(screen.getByText(/You know, that takes about two weeks.* Off we go\./)).toBeTruthy();
  });

  it("keeps my words for a field, and says what is wrong with them first", async () => {
    open();
    await user.click(await screen.findByRole("button", { name: "Edit: Catchphrases" }));
    const box = screen.getByRole("textbox", { name: "Catchphrases" });
    expect(document.activeElement).toBe(box);
    await user.clear(box);
    await user.click(screen.getByRole("button", { name: "Keep" }));
    expect(await screen.findByText(/Write something/)).toBeTruthy();
    await user.type(box, "mind the gap\n  \nhere goes");
    await user.click(screen.getByRole("button", { name: "Keep" }));
    await waitFor(() => {
      expect(edits).toEqual([{ clone: "ada", overrides: { catchphrases: ["mind the gap", "here goes"] } }]);
    });
  });

  it("says that there is nothing of the kind, and goes back to what was learnt", async () => {
    open();
    await user.click(await screen.findByRole("button", { name: "Edit: Formality" }));
    await user.click(screen.getByRole("button", { name: "There is none" }));
    await user.click(await screen.findByRole("button", { name: "Back to what was learnt: Tone" }));
    await waitFor(() => {
      expect(edits).toEqual([{ clone: "ada", overrides: { formality: null } }, { clone: "ada", reset: ["tone"] }]);
    });
  });

  it("learns from an address, shows how far it is, and says what is new", async () => {
    open();
    await user.type(await screen.findByRole("textbox", { name: /address on YouTube/ }), "youtube");
    await user.click(screen.getByRole("button", { name: "Learn from the video" }));
    expect(await screen.findByText(/Enter a whole address/)).toBeTruthy();
    await user.clear(screen.getByRole("textbox", { name: /address on YouTube/ }));
    await user.type(screen.getByRole("textbox", { name: /address on YouTube/ }), "https://www.youtube.com/watch?v=aaaaaaaaaaa");
    await user.click(screen.getByRole("button", { name: "Learn from the video" }));
    expect(await screen.findByText("counting phrases")).toBeTruthy();
    job = { ...JOB, status: "completed", progress: 1, result: { engine: "statistics", known: ["tone"], words: 1200, notes: [] } };
    persona = { ...PERSONA, fields: PERSONA.fields.map((each) => (each.field === "tone" ? { ...each, auto: "wry" } : each)) };
    expect(await screen.findByText(/Learnt from 1,200 words/)).toBeTruthy();
    expect(await screen.findByText(/Learnt anew: Tone/)).toBeTruthy();
  });

  it("stops learning when told to", async () => {
    open();
    await user.type(await screen.findByRole("textbox", { name: /address on YouTube/ }), "https://youtu.be/aaaaaaaaaaa");
    await user.click(screen.getByRole("button", { name: "Learn from the video" }));
    await screen.findByText("counting phrases");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => {
      expect(asked).toContain("DELETE /api/persona/jobs/j");
    });
    expect(await screen.findByRole("button", { name: "Learn from the video" })).toBeTruthy();
  });
});

it.each([
  ["tone", "  warm ", null, "warm"],
  ["tone", "", "empty", ""],
  ["tone", "x".repeat(301), "long", "x".repeat(301)],
  ["fillers", " a \n\n b", null, ["a", "b"]],
  ["fillers", "\n", "empty", []],
  ["fillers", "a\n".repeat(41), "many", Array.from({ length: 41 }, () => "a")],
] as const)("%s written as %j has the problem %j", (field, text, problem, value) => {
  expect(problemOf(field, text)).toBe(problem);
  expect(valueOf(field, text)).toEqual(value);
});

const none = { openers: [], fillers: [], catchphrases: [], common_expressions: [], greeting: "", closing: "" };
it.each([
  [none, null],
  [{ ...none, openers: ["well,"] }, "Well, that works."],
  [{ ...none, greeting: "Hi!", catchphrases: ["easy does it"] }, "Hi! That works. Easy does it."],
])("a line in the manner of %j is %j", (phrases, line) => {
  expect(sampleLine(phrases, "That works.")).toBe(line);
});

it("what was learnt anew is found field by field", () => {
  const after = { ...PERSONA, fields: PERSONA.fields.map((each) => (each.field === "catchphrases" ? { ...each, auto: ["so be it"] } : each)) };
  expect(changedFields(PERSONA, after)).toEqual(["catchphrases"]);
});
