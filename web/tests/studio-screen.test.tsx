// @vitest-environment jsdom
/** The studio's pages as their owner meets them: what is there, what is missing, what is under way, what went wrong. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "@/app/app";
import { makeQueryClient } from "@/app/query";
import { ConfirmProvider } from "@/ui/confirm";
import { ToastProvider } from "@/ui/toasts";
import type { FaceModelItem, JobItem, OwnClone } from "@/wire/api";
import { forgetSession } from "@/wire/session";
import { UNKNOWN } from "./persona";

const ADA: OwnClone = {
  id: "c1", slug: "ada", name: "Ada", description: "a potter", greeting: "Hello.", language: "EN", public: false, demonstration: false, adherence: "adaptive",
  knowledgeVersion: 0, hasFace: false, hasVoice: true, faceModelId: null, voiceModelId: "v1", documents: { total: 2, reading: 0, failed: 0 }, createdAt: null,
};
const VERA: OwnClone = { ...ADA, id: "c2", slug: "vera", name: "Vera", demonstration: true };
const JOB: JobItem = {
  id: "j1", kind: "build-face", status: "running", progress: 0.4, step: "Looking at photo 2 of 3", cancelRequested: false, cloneId: "c1", documentId: null, about: "",
  createdAt: new Date().toISOString(), startedAt: null, finishedAt: null, errorCode: null, errorMessage: null,
};
const FACE: FaceModelItem = { faceModelId: "f1", cloneId: "c1", status: "failed", progress: 0, message: "", tier: "", qualityScore: 0, resolution: 0, createdAt: null, errorMessage: "No face was found." };

type Answer = (request: Request) => unknown;
let answers: Record<string, Answer>;
let asked: string[];

beforeAll(() => {
  // jsdom has none of these.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
  HTMLElement.prototype.hasPointerCapture = () => false;
  HTMLElement.prototype.scrollIntoView = () => undefined;
});

beforeEach(() => {
  forgetSession();
  asked = [];
  answers = {
    "GET /api/clones/mine": () => ({ clones: [ADA, VERA] }),
    "GET /api/clones/ada": () => ADA,
    "GET /api/consents": () => ({ consents: [{ subject: "voice", grantedAt: "2026-01-01T00:00:00Z", revokedAt: null, evidence: null }, { subject: "face", grantedAt: "2026-01-01T00:00:00Z", revokedAt: null, evidence: null }] }),
    "GET /face-models": () => ({ faceModels: [] }),
    "GET /voice-models": () => ({ voiceModels: [], activeVoiceModelId: null }),
    "GET /api/persona": () => ({ ...UNKNOWN, manualOverrides: { role: "a potter" } }),
    "GET /api/jobs": () => ({ jobs: [] }),
    "GET /api/clones": () => ({ clones: [] }),
  };
  vi.stubGlobal("fetch", async (input: Request | string) => {
    if (typeof input === "string") return Response.json({ token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } });
    const key = `${input.method} ${new URL(input.url).pathname}`;
    asked.push(key);
    const answer = answers[key];
    if (answer === undefined) return Response.json({ error: { code: "NOT_FOUND", message: "there is no such thing" } }, { status: 404 });
    const body = await answer(input);
    return body instanceof Response ? body : body === null ? new Response(null, { status: 204 }) : Response.json(body);
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal("WebSocket", undefined);
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
});

configure({ asyncUtilTimeout: 15_000 });
const user = userEvent.setup();

function Where() {
  return <output data-testid="where">{useLocation().pathname}</output>;
}

function open(address: string): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={[address]}>
        <ToastProvider>
          <ConfirmProvider>
            <App />
            <Where />
          </ConfirmProvider>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

describe("the list of clones", () => {
  it("says of each what it has and what is missing", async () => {
    open("/studio");
    const card = within(await screen.findByRole("article", { name: "Ada" }));
    expect(card.getByText("Own voice")).toBeTruthy();
    expect(card.getByText("2 documents")).toBeTruthy();
    expect(card.getByText("Still missing: face")).toBeTruthy();
    expect(card.getByRole("link", { name: "Talk" }).getAttribute("href")).toBe("/talk/ada");
  });

  it("says what to do first, and what went wrong", async () => {
    answers["GET /api/clones/mine"] = () => Response.json({ error: { code: "INTERNAL", message: "the database is away" } }, { status: 500 });
    open("/studio");
    expect(await screen.findByText(/Something broke on the server/)).toBeTruthy();
    answers["GET /api/clones/mine"] = () => ({ clones: [VERA] });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "No clone of yours yet" })).toBeTruthy();
  });

  it("deletes a clone only when its name is typed, and not the demonstration", async () => {
    const gone = vi.fn(() => null);
    answers["DELETE /api/clones/ada"] = gone;
    open("/studio");
    await user.click(await screen.findByRole("button", { name: "More for Vera" }));
    expect(screen.queryByRole("menuitem", { name: "Delete" })).toBeNull();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "More for Ada" }));
    await user.click(screen.getByRole("menuitem", { name: "Delete" }));
    const button = screen.getByRole("button", { name: "Delete for good" });
    expect(button).toHaveProperty("disabled", true);
    await user.type(screen.getByLabelText(/type its name/), "Adam{Enter}");
    expect(gone).not.toHaveBeenCalled();
    await user.type(screen.getByLabelText(/type its name/), "{Backspace}{Enter}");
    await waitFor(() => {
      expect(gone).toHaveBeenCalledOnce();
    });
  });

  it("is taken along as a sealed file, and a refusal is told", async () => {
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }));
    const secrets: (string | null)[] = [];
    answers["GET /api/clones/ada/export"] = (request) => {
      secrets.push(request.headers.get("selfsame-passphrase"));
      if (secrets.length === 1) return Response.json({ error: { code: "BAD_INPUT", message: "a passphrase has 8 to 500 characters" } }, { status: 400 });
      return new Response(new Uint8Array([1, 2, 3]), { headers: { "content-type": "application/octet-stream", "selfsame-lost": "voices=1, pictures=2" } });
    };
    open("/studio");
    await user.click(await screen.findByRole("button", { name: "More for Ada" }));
    await user.click(screen.getByRole("menuitem", { name: "Take it along" }));
    const field = screen.getByLabelText(/Passphrase/);
    await user.type(field, "né");
    await user.click(screen.getByRole("button", { name: "Save the file" }));
    expect(await screen.findByText("A passphrase has 8 to 500 characters.")).toBeTruthy();
    await user.type(field, " y más");
    await user.click(screen.getByRole("button", { name: "Save the file" }));
    await waitFor(() => {
      expect(saved).toEqual(["ada.selfsame"]);
    });
    expect(secrets).toEqual(["n%C3%A9", "n%C3%A9%20y%20m%C3%A1s"]);
    expect(await screen.findByText(/because their files are lost here: 3 of/)).toBeTruthy();
  });
});

describe("the path", () => {
  it("goes on at the first step that is not done", async () => {
    open("/studio/ada");
    await waitFor(() => {
      expect(screen.getByTestId("where").textContent).toBe("/studio/ada/face");
    });
    expect(screen.getByText("3 of 5 done")).toBeTruthy();
    expect(screen.getByRole("link", { name: /Voice.*done/ })).toBeTruthy();
  });

  it("changes the clone where it stands", async () => {
    answers["PATCH /api/clones/ada"] = async (request) => ({ ...ADA, ...((await request.json()) as Partial<OwnClone>) });
    open("/studio/ada/manner");
    await user.click(await screen.findByRole("button", { name: /Change name/ }));
    const name = screen.getByLabelText("Name");
    await user.clear(name);
    await user.type(name, "Ada Rowe");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Ada Rowe")).toBeTruthy();
  });

  it("shows the work in hand on every step, and stops it", async () => {
    let jobs = [JOB];
    answers["GET /api/jobs"] = () => ({ jobs });
    answers["DELETE /api/jobs/j1"] = () => {
      jobs = [];
      return { ...JOB, status: "cancelled" };
    };
    open("/studio/ada/manner");
    const tray = within(await screen.findByRole("region", { name: "Work in hand" }));
    expect(tray.getByText("Looking at photo 2 of 3")).toBeTruthy();
    expect(tray.getByRole("progressbar", { name: "Making the face" }).getAttribute("aria-valuenow")).toBe("40");
    await user.click(tray.getByRole("button", { name: "Stop: Making the face" }));
    await waitFor(() => {
      expect(screen.queryByRole("region", { name: "Work in hand" })).toBeNull();
    });
  });

  it("says why work failed, leads to where it is done again, and forgets it when it is put away", async () => {
    answers["GET /api/jobs"] = () => ({ jobs: [{ ...JOB, status: "failed", finishedAt: new Date().toISOString(), errorMessage: "No face was found. Use another photo." }] });
    open("/studio/ada/manner");
    expect(await screen.findByText("No face was found. Use another photo.")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Do it again" }).getAttribute("href")).toBe("/studio/ada/face");
    await user.click(screen.getByRole("button", { name: /Put away/ }));
    expect(screen.queryByText("No face was found. Use another photo.")).toBeNull();
    cleanup();
    open("/studio/ada/manner");
    await screen.findByRole("heading", { level: 1, name: "Manner" });
    expect(screen.queryByText("No face was found. Use another photo.")).toBeNull();
  });

  it("reads the document again that failed, and names it", async () => {
    const again = vi.fn(() => Response.json({ id: "d1", status: "pending" }, { status: 202 }));
    const failed = { ...JOB, kind: "ingest", status: "failed", finishedAt: new Date().toISOString(), errorMessage: "It cannot be read." };
    answers["GET /api/jobs"] = () => ({ jobs: [{ ...failed, id: "j2", documentId: "d2", about: "prices.csv" }, { ...failed, documentId: "d1", about: "life.pdf" }] });
    answers["POST /api/documents/d1/retry"] = again;
    open("/studio/ada/manner");
    const item = within((await screen.findByText("Reading “life.pdf”: that did not work")).closest("li") ?? document.body);
    await user.click(item.getByRole("button", { name: "Try again" }));
    await waitFor(() => {
      expect(again).toHaveBeenCalledOnce();
      expect(screen.queryByText("Reading “life.pdf”: that did not work")).toBeNull();
    });
    expect(screen.getByText("Reading “prices.csv”: that did not work")).toBeTruthy();
  });

  it("says that there is no such clone", async () => {
    open("/studio/nobody/face");
    expect(await screen.findByRole("heading", { level: 1, name: "There is no such clone" })).toBeTruthy();
  });
});

describe("the face step", () => {
  it("asks for consent first", async () => {
    answers["GET /api/consents"] = () => ({ consents: [] });
    open("/studio/ada/face");
    expect((await screen.findByRole("link", { name: "Go to consent" })).getAttribute("href")).toBe("/studio/ada/consent");
    expect(screen.queryByRole("button", { name: "Turn on the camera" })).toBeNull();
  });

  it("says why no face could be made, and offers to begin again", async () => {
    answers["GET /face-models"] = () => ({ faceModels: [FACE, { ...FACE, faceModelId: "f2", cloneId: "c2", errorMessage: "Of another clone." }] });
    open("/studio/ada/face");
    expect(await screen.findByText("No face was found.")).toBeTruthy();
    expect(screen.queryByText("Of another clone.")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Turn on the camera" }));
    expect(await screen.findByRole("heading", { name: /The camera needs a safe address|No camera was found/ })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Choose photos instead" }));
    expect(screen.getByText(/One to twenty photos/)).toBeTruthy();
  });
});
