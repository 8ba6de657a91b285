// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConversationStateManager } from "@/features/conversation/manager";
import { keptSensitivity } from "@/features/conversation/preferences";
import { safeLink } from "@/features/conversation/sources";
import { DEFAULT_SETTINGS } from "@/features/conversation/state";
import { TalkScreen } from "@/features/conversation/talk-screen";
import { golden } from "./goldens";

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
    <MemoryRouter>
      <TalkScreen manager={manager} />
    </MemoryRouter>,
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
    expect(log.getByText("Thirty seconds of clear speech are enough to begin.")).toBeTruthy();
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
    expect(screen.getAllByText((text) => text.includes(evil)).length).toBeGreaterThanOrEqual(7);
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
    server.says({ type: "ready", cloneName: "Ada", sessionId: "s", engines: [{ role: "asr", name: "pocketsphinx", tier: "embedded", languages: [], hint }] });
    expect(screen.getByText("Better ears: one command away")).toBeTruthy();
    expect(screen.getByText(hint)).toBeTruthy();
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
