// @vitest-environment jsdom
import { act, cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConversationStateManager } from "@/features/conversation/manager";
import { keptCaptions, keptSensitivity } from "@/features/conversation/preferences";
import { safeLink } from "@/features/conversation/sources";
import { DEFAULT_SETTINGS } from "@/features/conversation/state";
import { TalkScreen } from "@/features/conversation/talk-screen";
import { makeQueryClient } from "@/app/query";
import { ToastProvider } from "@/ui/toasts";
import { forgetSession } from "@/wire/session";
import { golden } from "./goldens";

configure({ asyncUtilTimeout: 15_000 }); // dialogs are loaded when they are wanted

/** A socket whose server end the test holds. */
class ServerSocket {
  static last: ServerSocket;
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  constructor() {
    ServerSocket.last = this;
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }
  close(): void {
    this.onclose = null;
  }
  says(...messages: Record<string, unknown>[]): void {
    act(() => {
      for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
    });
  }
}

/** The server's answers to requests, by the end of their path; what is not there is 404. */
function serve(answers: Record<string, { status?: number; body: unknown }>): ReturnType<typeof vi.fn> {
  const fetched = vi.fn((input: Request | string) => {
    const path = new URL(typeof input === "string" ? input : input.url, location.href).pathname;
    const answer = path === "/api/sessions" ? GRANT : (answers[path] ?? { status: 404, body: { error: { code: "NOT_FOUND", message: "not here" } } });
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers: { "content-type": "application/json" } }));
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}
const GRANT = { status: 201, body: { token: "t", wsUrl: "/ws/chat", expiresAt: "2030-01-01T00:00:00Z", clone: { slug: "guide", name: "Ada", greeting: "", language: "EN" }, owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false } };

/** A whole turn: question, answer with a source, end. */
const SOURCE = { id: "0191e1b0-0000-7000-8000-000000000001", title: "The shop", heading: "Watches", excerpt: "Watches are cleaned", locator: "page 2", score: 1, url: "https://example.org/shop" };
const TURN = [
  { type: "transcript", transcript: "Do you clean watches?", isFinal: true, confidence: 1, turnId: 1 },
  { type: "response_start", turnId: 1, sampleRate: 16000 },
  { type: "response_text", turnId: 1, text: "By hand." },
  { type: "response_sources", turnId: 1, sources: [SOURCE] },
  { type: "response_end", turnId: 1, text: "By hand.", interrupted: false, metrics: { totalLatencyMs: 300, asrLatencyMs: 0, endpointingMs: 0, ragLatencyMs: 20, llmLatencyMs: 100, ttsLatencyMs: 50, speculated: false } },
];

/** Sound that goes nowhere. */
class SilentContext {
  state = "running";
  destination = {};
  audioWorklet = { addModule: () => Promise.resolve() };
}
class SilentNode {
  port = { postMessage: () => undefined, onmessage: null };
  connect(): void {
    // nowhere
  }
}

function open(): { manager: ConversationStateManager; server: ServerSocket } {
  const manager = new ConversationStateManager({
    clone: { slug: "guide", name: "Ada", greeting: "Hello." },
    token: "t",
    url: "ws://here/ws/chat",
    renewToken: () => Promise.resolve("t"),
    settings: DEFAULT_SETTINGS,
    load: () => Promise.reject(new Error("no face")),
  });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter>
        <ToastProvider>
          <TalkScreen manager={manager} />
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  act(() => {
    manager.connect();
    ServerSocket.last.onopen?.();
  });
  ServerSocket.last.says({ type: "ready", cloneName: "Ada", sessionId: "s" });
  return { manager, server: ServerSocket.last };
}

beforeEach(() => {
  vi.stubGlobal("WebSocket", ServerSocket);
  vi.stubGlobal("isSecureContext", true);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) { this.open = true; };
  HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) { this.open = false; };
  Element.prototype.scrollIntoView = () => undefined;
  localStorage.clear();
  forgetSession();
  serve({});
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the talk screen", () => {
  it("shows a golden conversation: question, answer, sources, timing", () => {
    const { server } = open();
    const lines = golden("typed-question.jsonl").filter((line) => line.from === "server").slice(1);
    server.says(...lines.map((line) => line.message));
    const log = within(screen.getByRole("log"));
    expect(log.getByText("How much speech do you need?")).toBeTruthy();
    expect(log.getByText("Thirty seconds are enough to begin. More sounds better.")).toBeTruthy();
    expect(log.getByText("Making a clone")).toBeTruthy();
    expect(log.getByText("Answered in 122 ms")).toBeTruthy();
    expect(screen.getByText("Making the voice").parentElement?.textContent).toContain("64 ms");
    expect(screen.getByText("Connected")).toBeTruthy();
  });

  it("renders whatever is said as text", () => {
    const { server } = open();
    const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
    server.says(
      { type: "transcript", transcript: evil, isFinal: true, confidence: 1, turnId: 1 },
      { type: "response_start", turnId: 1, sampleRate: 16000 },
      { type: "response_text", turnId: 1, text: evil },
      { type: "response_sources", turnId: 1, sources: [{ id: "1", title: evil, heading: evil, excerpt: evil, locator: evil, score: 1, url: "javascript:alert(1)" }] },
      { type: "error", errorCode: "X", errorMessage: evil, recoverable: true },
      { type: "status", state: "processing", notice: evil },
    );
    expect(screen.getAllByText((text) => text.includes(evil)).length).toBeGreaterThanOrEqual(6);
    expect(document.querySelector("img, script, a:not(.wordmark)")).toBeNull();
  });

  it("sends what is typed, shows it at once, and says when the line is lost", () => {
    const { server } = open();
    const box = screen.getByRole("textbox");
    fireEvent.change(box, { target: { value: "  Who are you? " } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(server.sent.at(-1)).toMatchObject({ type: "text_input", text: "Who are you?" });
    expect(within(screen.getByRole("log")).getByText("Who are you?")).toBeTruthy();
    expect(box).toHaveProperty("value", "");
    act(() => server.onclose?.({ code: 1006 }));
    expect(screen.getByText("Connection lost")).toBeTruthy();
    expect(screen.getByText("Will be sent when the connection is back")).toBeTruthy();
    expect(screen.getByText("again in 1 s")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try now" })).toBeTruthy();
  });

  it("says plainly that this browser has no sound, and typing still works", () => {
    open();
    expect(screen.getByText(/no AudioContext/)).toBeTruthy();
    expect(screen.getByRole("textbox")).toHaveProperty("disabled", false);
  });

  it("tells of a refused microphone, and tries again when asked", async () => {
    const getUserMedia = vi.fn(() => Promise.reject(new DOMException("no", "NotAllowedError")));
    vi.stubGlobal("AudioContext", SilentContext);
    vi.stubGlobal("AudioWorkletNode", SilentNode);
    Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true });
    open();
    const button = screen.getByRole("button", { name: "Hold to talk" });
    await act(async () => {
      fireEvent.keyDown(button, { key: "Enter" });
      await Promise.resolve();
    });
    expect(await screen.findByText(/microphone is blocked/)).toBeTruthy();
    expect(button.getAttribute("aria-pressed")).toBe("false");
    await act(async () => {
      fireEvent.keyUp(button, { key: "Enter" });
      await Promise.resolve();
      fireEvent.keyDown(button, { key: "Enter" });
      await Promise.resolve();
    });
    expect(getUserMedia).toHaveBeenCalledTimes(2);
  });

  it("sends mode, language and consent, and shows what the server settles on", () => {
    const { server } = open();
    const hidden = { hidden: true };
    fireEvent.click(screen.getByRole("radio", { name: "Detailed", ...hidden }));
    fireEvent.click(screen.getByRole("radio", { name: "ES", ...hidden }));
    fireEvent.click(screen.getByRole("switch", { name: "Remember this conversation", ...hidden }));
    expect(server.sent.slice(-3)).toEqual([
      { type: "set_mode", mode: "detailed" },
      { type: "set_language", language: "ES" },
      { type: "set_consent", subject: "transcripts", granted: true },
    ]);
    server.says({ type: "status", state: "idle", mode: "faster", language: "EN", keepTranscripts: false });
    expect(screen.getByRole("radio", { name: "Quick", ...hidden })).toHaveProperty("checked", true);
    expect(screen.getByRole("switch", { name: "Remember this conversation", ...hidden })).toHaveProperty("checked", false);
  });

  it("sends how easily it is interrupted, and keeps it in this browser", () => {
    const { server } = open();
    fireEvent.change(screen.getByRole("slider", { name: "How easily you interrupt", hidden: true }), { target: { value: "0.8" } });
    expect(server.sent.at(-1)).toEqual({ type: "set_hearing", sensitivity: 0.8 });
    expect(keptSensitivity()).toBe(0.8);
    for (const spoilt of ["", "much", "7"]) {
      localStorage.setItem("selfsame.sensitivity", spoilt);
      expect(keptSensitivity()).toBeNull();
    }
  });

  it("opens a source at its passage, marked in its document", async () => {
    const path = `/api/sessions/s/turns/1/sources/${SOURCE.id}`;
    serve({ [path]: { body: { ...SOURCE, before: "Clocks on Mondays.", passage: "Watches are cleaned by hand.", after: "<b>Keys</b>", pictures: [] } } });
    open().server.says(...TURN);
    fireEvent.click(screen.getByRole("button", { name: /The shop/ }));
    const panel = within(await screen.findByRole("dialog", { name: "The shop" }));
    expect((await panel.findByText("Watches are cleaned by hand.")).tagName).toBe("MARK");
    expect(panel.getByText("Clocks on Mondays.")).toBeTruthy();
    expect(panel.getByText("<b>Keys</b>")).toBeTruthy();
    expect(panel.getByText("Watches · page 2")).toBeTruthy();
    expect(panel.getByRole("link", { name: "Open the original" }).getAttribute("href")).toBe("https://example.org/shop");
    fireEvent.click(panel.getByRole("button", { name: "Close" }));
    expect(screen.queryByText("Clocks on Mondays.")).toBeNull();
  });

  it("shows how the passage began when its document has changed", async () => {
    open().server.says(...TURN);
    fireEvent.click(screen.getByRole("button", { name: /The shop/ }));
    expect(await screen.findByText(/has changed since this answer/)).toBeTruthy();
    expect(screen.getByText("Watches are cleaned").tagName).toBe("MARK");
  });

  it("reports an answer", async () => {
    const fetched = serve({ "/api/reports": { status: 201, body: { id: "x" } } });
    open().server.says(...TURN);
    fireEvent.click(await screen.findByRole("button", { name: "Report" }));
    const dialog = within(await screen.findByRole("dialog", { name: "What is wrong with this answer?" }));
    expect(dialog.getByRole("button", { name: "Send" })).toHaveProperty("disabled", true);
    fireEvent.click(dialog.getByRole("radio", { name: "It is made up" }));
    fireEvent.change(dialog.getByRole("textbox"), { target: { value: " By machine. " } });
    fireEvent.click(dialog.getByRole("button", { name: "Send" }));
    expect(await screen.findAllByText("Thank you. The owner of this clone will see it.")).toBeTruthy();
    const sent = fetched.mock.calls.map(([input]) => input as Request).find((request) => typeof request !== "string" && request.url.endsWith("/api/reports"));
    expect(await sent?.json()).toEqual({ sessionId: "s", turnId: 1, reason: "made_up", words: "By machine.", question: "Do you clean watches?", answer: "By hand." });
  });

  it("says that nothing is kept, and remembers on request", () => {
    const { server } = open();
    fireEvent.click(screen.getByRole("button", { name: "Remember it" }));
    expect(server.sent.at(-1)).toEqual({ type: "set_consent", subject: "transcripts", granted: true });
    fireEvent.click(screen.getByRole("button", { name: "Forget them" }));
    expect(server.sent.at(-1)).toEqual({ type: "set_consent", subject: "transcripts", granted: false });
  });

  it("shows captions, until they are switched off", () => {
    const { server } = open();
    server.says(...TURN.slice(0, 3));
    expect(document.querySelector(".caption")?.textContent).toBe("By hand.");
    fireEvent.click(screen.getByRole("switch", { name: "Captions", hidden: true }));
    expect(document.querySelector(".caption")).toBeNull();
    expect(keptCaptions()).toBe(false);
  });

  it("stops the clone", () => {
    const { server } = open();
    expect(screen.getByRole("button", { name: "Stop" })).toHaveProperty("disabled", true);
    server.says({ type: "status", state: "speaking" });
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(server.sent.at(-1)).toMatchObject({ type: "interruption" });
  });

  it("offers better engines until told not to", () => {
    const { server } = open();
    const hint = "selfsame models pull whisper-small";
    const engine = { tier: "embedded", languages: [] } as const;
    server.says({ type: "ready", cloneName: "Ada", sessionId: "s", engines: [{ ...engine, role: "asr", name: "pocketsphinx", hint }, { ...engine, role: "llm", name: "answers", hint: "set a variable" }] });
    expect(screen.getByText("Better ears or a better mind: one step away")).toBeTruthy();
    expect(screen.getByText(hint)).toBeTruthy();
    expect(screen.getByText("Enter the key of a provider").getAttribute("href")).toBe("/settings/keys");
    fireEvent.click(screen.getByRole("button", { name: "Do not show this again" }));
    expect(screen.queryByText(hint)).toBeNull();
  });

  it("every control has a name", () => {
    open();
    for (const role of ["button", "radio", "slider", "switch", "textbox"]) {
      for (const control of screen.getAllByRole(role, { hidden: true })) {
        const named = control.getAttribute("aria-label") ?? control.textContent;
        const labelled = (control as HTMLInputElement).labels?.length ?? 0;
        expect(named.trim() !== "" || labelled > 0, control.outerHTML).toBe(true);
      }
    }
  });
});

describe("links", () => {
  it("links only to web addresses", () => {
    expect(safeLink("https://example.org/a")).toBe("https://example.org/a");
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "notes.md", "", null, undefined]) expect(safeLink(bad)).toBeNull();
  });
});
