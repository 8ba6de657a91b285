// @vitest-environment jsdom
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import type { ReactElement } from "react";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import ConsentStep from "@/features/consent/consent-step";
import VoiceStep from "@/features/voice/voice-step";
import { ConfirmProvider } from "@/ui/confirm";
import { ToastProvider } from "@/ui/toasts";

const CLONE = { id: "11111111-1111-4111-8111-111111111111", slug: "ana", name: "Ana Silva", language: "EN", public: false };
const SPOKEN = { sha256: "x", text: "t", heard: "i ana silva agree", name: "Ana Silva", date: "2026-11-21", language: "EN", scores: { words: 1, name: 1, recogniser: 1, snrDb: 40, seconds: 5 } };
const AGREED = ["voice", "face"].map((subject) => ({ subject, grantedAt: "2026-11-21T12:00:00Z", revokedAt: null, evidence: SPOKEN }));
const voice = (more: object = {}) => ({
  voiceModelId: "v1", cloneId: CLONE.id, status: "ready", active: false, progress: 1, message: "", id: "v1", provider: "own-voice", modelPath: "p",
  qualityScore: 0.8, createdAt: "2026-11-21T12:00:00Z", sampleRate: 22050, previewUrl: "/voice-model/v1/preview.wav", recordings: 8, good: 7, seconds: 40,
  report: { previewText: "Hello from me.", manner: "own", voice: { similarity: 0.86, ceiling: 0.9, floor: 0.5, word_error: 0.1, raw_word_error: 0.05, real_word_error: 0.1 } },
  quality: [{ problems: ["SOME_NOISE"] }], notes: [], ...more,
});

/** A server that answers as the API's description says; `asked` is what it was asked for. */
class FakeServer {
  asked: { method: string; path: string; body: unknown }[] = [];
  consents: object[] = AGREED;
  voices: ReturnType<typeof voice>[] = [];
  refuse: Record<string, [number, string, string]> = {};
  video: object = { voice: { ordered: true, voiceModelId: "v9" } };

  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input instanceof Request ? input : new URL(input, "http://localhost"), init);
    const { pathname } = new URL(request.url);
    const text = await request.clone().text();
    const call = `${request.method} ${pathname}`;
    this.asked.push({ method: request.method, path: pathname, body: text === "" ? null : JSON.parse(text) });
    const refusal = this.refuse[call];
    if (refusal !== undefined) return json({ error: { code: refusal[1], message: refusal[2] } }, refusal[0]);
    return this.answer(call);
  };

  private answer(call: string): Response {
    switch (call) {
      case "POST /api/sessions": return json({ token: "t", wsUrl: "", expiresAt: null, clone: CLONE, owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false });
      case "GET /api/clones/ana": return json(CLONE);
      case "GET /api/consents": return json({ consents: this.consents });
      case "DELETE /api/consents/spoken": this.consents = []; return json({ consents: [] });
      case "GET /api/voice/sentences": return json({ language: "EN", sentences: ["One sentence.", "Another sentence."] });
      case "GET /voice-models": return json({ voiceModels: this.voices, activeVoiceModelId: {} });
      case "GET /voice-model/v1": return json(this.voices[0]);
      case "POST /voice-model/v1/activate": this.voices = [voice({ status: "active", active: true })]; return json(this.voices[0]);
      case "PATCH /voice-model/v1": return json({});
      case "DELETE /voice-model/v1": this.voices = []; return new Response(null, { status: 204 });
      case "POST /api/voice/clone": return json(this.video, 202);
      case "POST /api/consents": return json({ consents: [] }, 201);
      default: return json({ error: { code: "NOT_FOUND", message: call } }, 404);
    }
  }

  calls(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

let server: FakeServer;

function open(step: ReactElement): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={["/studio/ana/step"]}>
        <ToastProvider>
          <ConfirmProvider>
            <Routes>
              <Route path="/studio/:clone/step" element={step} />
              <Route path="*" element={<p>elsewhere</p>} />
            </Routes>
          </ConfirmProvider>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  server = new FakeServer();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("scrollTo", () => undefined);
  HTMLDialogElement.prototype.showModal = function show() { this.open = true; };
  HTMLDialogElement.prototype.close = function close() { this.open = false; };
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the voice step", () => {
  it("sends whoever has not agreed to the consent first", async () => {
    server.consents = [];
    open(<VoiceStep />);
    expect((await screen.findByRole("link", { name: "Go to the consent" })).getAttribute("href")).toBe("/studio/ana/consent");
    expect(screen.queryByRole("tab")).toBeNull();
  });

  it("begins with the first sentence; skipping goes to the next", async () => {
    open(<VoiceStep />);
    expect(await screen.findByText("One sentence.")).toBeTruthy();
    expect(screen.getByRole("meter", { name: "Recorded" }).getAttribute("aria-valuetext")).toBe("0 s of 60 s");
    expect(screen.queryByRole("button", { name: "Make my voice" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Skip this one" }));
    expect(screen.getByText("Another sentence.")).toBeTruthy();
  });

  it("says in this browser what is missing to record", async () => {
    open(<VoiceStep />);
    await act(async () => {
      fireEvent.click(await screen.findByRole("button", { name: "Record" }));
    });
    expect(await screen.findByText(/cannot record here/)).toBeTruthy();
  });

  it("says how a voice became, and activates it", async () => {
    server.voices = [voice()];
    open(<VoiceStep />);
    expect(await screen.findByText("Ready to try")).toBeTruthy();
    expect(screen.getByRole("meter", { name: "Likeness" }).getAttribute("aria-valuetext")).toBe("very like you");
    expect(screen.getByRole("meter", { name: "Clearness" }).getAttribute("aria-valuetext")).toBe("every word is understood");
    expect(screen.getByText("In one recording: some noise: a quieter room makes a better voice.")).toBeTruthy();
    expect(screen.getByText("Hello from me.")).toBeTruthy();
    expect(screen.queryByRole("group", { name: "How it speaks" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Use this voice" }));
    expect(await screen.findByText("Speaking now")).toBeTruthy();
  });

  it("offers the manner where the server knows it", async () => {
    server.voices = [voice({ manner: "automatic", speaks: "own" })];
    open(<VoiceStep />);
    fireEvent.click(within(await screen.findByRole("group", { name: "How it speaks" })).getByRole("radio", { name: "Clear" }));
    await waitFor(() => { expect(server.asked).toContainEqual({ method: "PATCH", path: "/voice-model/v1", body: { manner: "clear" } }); });
  });

  it("discards a voice only when its undo has gone", async () => {
    server.voices = [voice()];
    open(<VoiceStep />);
    fireEvent.click(await screen.findByRole("button", { name: "Delete this voice" }));
    expect(screen.queryByText("Ready to try")).toBeNull();
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Ready to try")).toBeTruthy();
    expect(server.calls()).not.toContain("DELETE /voice-model/v1");
    fireEvent.click(screen.getByRole("button", { name: "Delete this voice" }));
    window.dispatchEvent(new Event("pagehide"));
    await waitFor(() => { expect(server.calls()).toContain("DELETE /voice-model/v1"); });
  });

  it("asks before the voice that speaks is deleted", async () => {
    server.voices = [voice({ status: "active", active: true })];
    open(<VoiceStep />);
    fireEvent.click(await screen.findByRole("button", { name: "Delete this voice" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog.textContent).toContain("built-in voice");
    expect(server.calls()).not.toContain("DELETE /voice-model/v1");
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => { expect(server.calls()).toContain("DELETE /voice-model/v1"); });
  });

  it.each([
    ["running", { progress: 0.4, message: "Listening to recording 2 of 8" }, "Listening to recording 2 of 8"],
    ["pending", { message: "" }, "Waiting for its turn"],
    ["failed", { errorCode: "NOT_THE_CONSENTING_VOICE", errorMessage: "x" }, "do not sound like the person who agreed"],
    ["failed", { errorCode: "BAD_INPUT", errorMessage: "Only 4 s of good speech are left." }, "Only 4 s of good speech are left."],
    ["cancelled", {}, "was stopped"],
  ])("%s: %j", async (status, more, words) => {
    server.voices = [voice({ status, ...more })];
    open(<VoiceStep />);
    expect((await screen.findAllByText((text) => text.includes(words))).length).toBeGreaterThan(0);
    fireEvent.click(screen.getByRole("button", { name: /^(Stop|Remove)$/ }));
    await waitFor(() => { expect(server.calls()).toContain("DELETE /voice-model/v1"); });
  });

  it("takes a video's address, and says what the server says", async () => {
    server.video = { voice: { ordered: false, missing: "Give the consent first." } };
    open(<VoiceStep />);
    fireEvent.mouseDown(await screen.findByRole("tab", { name: "YouTube" }));
    const box = await screen.findByRole("textbox", { name: "Address of the video" });
    fireEvent.change(box, { target: { value: "https://example.org" } });
    fireEvent.click(screen.getByRole("button", { name: "Learn from this video" }));
    expect((await screen.findAllByText(/not the address of a YouTube video/)).length).toBeGreaterThan(0);
    fireEvent.change(box, { target: { value: "https://youtu.be/abcdefghijk" } });
    fireEvent.click(screen.getByRole("button", { name: "Learn from this video" }));
    expect(await screen.findByText("Give the consent first.")).toBeTruthy();
    expect(server.asked).toContainEqual({ method: "POST", path: "/api/voice/clone", body: { url: "https://youtu.be/abcdefghijk", clone: "ana", language: "EN" } });
  });

  it("checks files before they are sent, and lists what was chosen", async () => {
    open(<VoiceStep />);
    fireEvent.mouseDown(await screen.findByRole("tab", { name: "Recordings" }));
    const input = await screen.findByLabelText("Your recordings or videos", { selector: "input" });
    fireEvent.change(input, { target: { files: [new File(["x"], "notes.txt")] } });
    expect(screen.getByText(/notes.txt is not of a kind/)).toBeTruthy();
    fireEvent.change(input, { target: { files: [new File(["x"], "a.wav"), new File(["yy"], "b.m4a")] } });
    expect(within(screen.getByRole("list", { name: "Chosen files" })).getAllByRole("listitem")).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Take out a.wav" }));
    expect(screen.queryByText(/a\.wav/)).toBeNull();
    expect(screen.getByRole("button", { name: "Make my voice" })).toBeTruthy();
  });

  it("says what to do when the server cannot be reached", async () => {
    server.refuse["GET /api/consents"] = [500, "INTERNAL", "it broke"];
    open(<VoiceStep />);
    expect(await screen.findByText(/Something broke on the server/)).toBeTruthy();
    delete server.refuse["GET /api/consents"];
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("One sentence.")).toBeTruthy();
  });
});

describe("the consent step", () => {
  it("shows what was agreed, and ends it only after a question that says what goes", async () => {
    open(<ConsentStep />);
    expect(await screen.findByText("Heard: “i ana silva agree”")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "End the consent" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog.textContent).toContain("All voices and faces made of you are erased");
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(server.calls()).not.toContain("DELETE /api/consents/spoken");
    fireEvent.click(screen.getByRole("button", { name: "End the consent" }));
    fireEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "End and erase" }));
    expect(await screen.findByRole("heading", { name: "Agree with your voice" })).toBeTruthy();
  });

  it("takes the written consent to a face only with the box ticked", async () => {
    server.consents = [];
    open(<ConsentStep />);
    const agree = await screen.findByRole("button", { name: "Agree to the face", hidden: true });
    fireEvent.click(agree);
    expect(screen.getByText("Tick the box to agree.")).toBeTruthy();
    fireEvent.click(screen.getByRole("checkbox", { hidden: true }));
    fireEvent.click(agree);
    await waitFor(() => { expect(server.asked).toContainEqual({ method: "POST", path: "/api/consents", body: { subject: "face", granted: true } }); });
  });

  it("asks for a name before it shows the sentence", async () => {
    server.consents = [];
    server.refuse["GET /api/clones/ana"] = [404, "NOT_FOUND", "no"];
    open(<ConsentStep />);
    fireEvent.click(await screen.findByRole("button", { name: "Show my sentence" }));
    expect((await screen.findAllByText(/the sentence holds it/)).length).toBeGreaterThan(0);
  });
});
