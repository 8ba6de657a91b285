// @vitest-environment jsdom
/** The settings: what visitors and owners see, keys that never come back, deleting with and without undo, erasing by sentence. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import { buttonCode, frameCode } from "@/features/settings/embed-code";
import { toneOf } from "@/features/settings/key-state";
import { isSentence, untilOf } from "@/features/settings/privacy-terms";
import SettingsPage from "@/features/settings/settings-page";
import { everyDay } from "@/features/settings/usage";
import { ConfirmProvider } from "@/ui/confirm";
import { ToastProvider } from "@/ui/toasts";
import { client } from "@/wire/api/client.gen";
import { forgetSession } from "@/wire/session";

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

const SETTINGS = {
  enableConversationHistory: true, autoLanguageDetection: true, language: "auto", videoQuality: "auto", interruptionSensitivity: 0.5,
  preferredLLMProvider: "auto", preferredTTSProvider: "auto", theme: "system", pageLanguage: "",
};
const SECTION = { stored: true, retentionDays: 30, requiresConsent: true, deletable: true, count: 2, bytes: 2_000_000, keptUntil: "2026-12-20T10:00:00Z", about: "x" };
const TALK = { id: "c1", clone: "vera", cloneName: "Vera", startedAt: "2026-11-20T10:00:00Z", endedAt: null, turns: 4, kept: 3 };
const PRIVACY = {
  sections: { transcripts: SECTION, voiceModels: { ...SECTION, retentionDays: null, keptUntil: null }, novelty: { ...SECTION, about: "Something new." } },
  consents: [{ id: "k", subject: "voice", grantedAt: "2026-11-01T10:00:00Z", revokedAt: null }],
  confirmation: "erase everything",
};

let owner: boolean;
let asked: Asked[];
let answers: Record<string, (body: unknown) => Response>;

beforeEach(() => {
  owner = true;
  asked = [];
  answers = {
    "GET /api/settings": () => Response.json(SETTINGS),
    "PATCH /api/settings": (body) => Response.json({ ...SETTINGS, ...(body as object) }),
    "GET /api/privacy": () => Response.json(PRIVACY),
    "GET /api/conversations": () => Response.json({ conversations: [TALK] }),
    "DELETE /api/conversations/c1": () => new Response(null, { status: 204 }),
    "GET /api/keys": () => Response.json({ keys: [{ provider: "openai", title: "OpenAI", isSet: false, usedFor: "llm" }, { provider: "groq", title: "Groq", isSet: false, usedFor: "" }] }),
  };
  forgetSession();
  const serve = async (input: Request | string, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? input : new Request(new URL(input, "http://localhost/"), init);
    const path = new URL(request.url).pathname;
    if (path === "/api/sessions") return Response.json({ token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } });
    const text = await request.text();
    const body: unknown = text === "" ? null : JSON.parse(text);
    asked.push({ method: request.method, path, body });
    return answers[`${request.method} ${path}`]?.(body) ?? Response.json({ error: { code: "NOT_FOUND", message: "there is none" } }, { status: 404 });
  };
  vi.stubGlobal("fetch", serve);
  client.setConfig({ baseUrl: "http://localhost:3000" });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  HTMLElement.prototype.hasPointerCapture = () => false;
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
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

function open(address: string): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={[address]}>
        <ToastProvider>
          <ConfirmProvider>
            <Routes>
              <Route path="settings/*" element={<SettingsPage />} />
              <Route path="*" element={<p>{"elsewhere"}</p>} />
            </Routes>
          </ConfirmProvider>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const told = (method: string, path: string): Asked | undefined => asked.find((one) => one.method === method && one.path === path);

describe("settings", () => {
  it("show visitors what is theirs alone", async () => {
    owner = false;
    open("/settings/keys");
    expect(await screen.findByRole("switch", { name: /Remember/ })).toBeTruthy();
    expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["General", "Privacy"]);
    expect(told("GET", "/api/keys")).toBeUndefined();
  });

  it("send each change at once, and ask before what was kept is deleted", async () => {
    open("/settings");
    await user.selectOptions(await screen.findByRole("combobox", { name: "You speak" }), "Spanish");
    await waitFor(() => {
      expect(told("PATCH", "/api/settings")?.body).toEqual({ language: "ES", autoLanguageDetection: false });
    });
    asked = [];
    await user.click(screen.getByRole("switch", { name: /Remember/ }));
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Cancel" }));
    expect(told("PATCH", "/api/settings")).toBeUndefined();
    await user.click(screen.getByRole("switch", { name: /Remember/ }));
    await user.click(screen.getByRole("button", { name: "Stop and delete" }));
    await waitFor(() => {
      expect(told("PATCH", "/api/settings")?.body).toEqual({ enableConversationHistory: false });
    });
  });

  it("say when a change was not kept, and show what the server has", async () => {
    answers["PATCH /api/settings"] = () => Response.json({ error: { code: "BAD_INPUT", message: "not today" } }, { status: 400 });
    open("/settings");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Picture quality of the face" }), "High");
    expect(await screen.findByText(/That could not be kept. Not today/)).toBeTruthy();
    await waitFor(() => {
      expect(screen.getByRole<HTMLSelectElement>("combobox", { name: "Picture quality of the face" }).value).toBe("auto");
    });
  });

  it("take a key, say in words what came of trying it, and never show it", async () => {
    const item = { provider: "openai", title: "OpenAI", isSet: true, usedFor: "llm", setAt: "2026-11-20T10:00:00Z", check: { state: "refused", message: "401", at: "2026-11-20T10:00:00Z" } };
    answers["PUT /api/keys/openai"] = () => {
      answers["GET /api/keys"] = () => Response.json({ keys: [item] });
      return Response.json(item);
    };
    open("/settings/keys");
    await user.click(await screen.findByRole("button", { name: "Enter a key: OpenAI" }));
    await user.click(screen.getByRole("button", { name: "Keep and try it" }));
    expect((await screen.findAllByText("Enter the key.")).length).toBeGreaterThan(0);
    const box = screen.getByLabelText("Key");
    expect(box.getAttribute("type")).toBe("password");
    await user.type(box, "sk-secret");
    await user.click(screen.getByRole("button", { name: "Keep and try it" }));
    expect(await screen.findByText(/The provider refused the key/)).toBeTruthy();
    expect(told("PUT", "/api/keys/openai")?.body).toEqual({ key: "sk-secret", baseUrl: "", model: "" });
    expect(document.body.innerHTML).not.toContain("sk-secret");
  });

  it("say what is kept until when, and let a deleted conversation come back", async () => {
    open("/settings/privacy");
    expect(await screen.findByText("Something new.")).toBeTruthy();
    expect(screen.getByText("You delete it")).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: /Delete the conversation with Vera/ }));
    expect(await screen.findByText(/You have not talked/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByRole("button", { name: /Delete the conversation with Vera/ })).toBeTruthy();
    expect(told("DELETE", "/api/conversations/c1")).toBeUndefined();
  });

  it("erase everything only after the sentence was typed", async () => {
    answers["DELETE /api/privacy"] = () => Response.json({ rows: {}, files: 0 });
    open("/settings/privacy");
    await user.click(await screen.findByRole("button", { name: "Erase everything…" }));
    const sure = screen.getByRole<HTMLButtonElement>("button", { name: "Erase for good" });
    expect(sure.disabled).toBe(true);
    await user.type(screen.getByRole("textbox", { name: /To be sure/ }), "erase everythin");
    expect(sure.disabled).toBe(true);
    await user.type(screen.getByRole("textbox", { name: /To be sure/ }), "g");
    await user.click(sure);
    expect(await screen.findByText("elsewhere")).toBeTruthy();
    expect(told("DELETE", "/api/privacy")?.body).toEqual({ confirm: "erase everything" });
  });

  it("say what is wrong where the server does not answer, and ask again", async () => {
    const good = answers["GET /api/privacy"];
    delete answers["GET /api/privacy"];
    open("/settings/privacy");
    expect(await screen.findByText("There is none.")).toBeTruthy();
    if (good !== undefined) answers["GET /api/privacy"] = good;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Something new.")).toBeTruthy();
  });
});

const base = { stored: true, requiresConsent: false, deletable: true, count: 1, bytes: 0, about: "" };
it.each([
  [{ ...base, retentionDays: 0, keptUntil: null }, { kind: "notKept" }],
  [{ ...base, retentionDays: null, keptUntil: null }, { kind: "untilDeleted" }],
  [{ ...base, retentionDays: 30, keptUntil: "2026-12-01" }, { kind: "date", at: "2026-12-01" }],
  [{ ...base, stored: false, retentionDays: 30, keptUntil: null }, { kind: "days", days: 30 }],
])("a section %j is kept %j", (section, until) => {
  expect(untilOf(section)).toEqual(until);
});

it.each([
  ["erase everything", true],
  [" Erase Everything ", true],
  ["erase", false],
  ["", false],
])("%j is the sentence: %j", (typed, is) => {
  expect(isSentence(typed, "erase everything")).toBe(is);
});

it("a chart of days has every day", () => {
  const days = everyDay([{ day: "2026-11-02", conversations: 1, minutes: 1, turns: 7, clips: 0, heardSeconds: 0, spokenSeconds: 0 }], "2026-11-01T08:00:00Z", 3);
  expect(days).toEqual([{ day: "2026-11-01", turns: 0 }, { day: "2026-11-02", turns: 7 }, { day: "2026-11-03", turns: 0 }]);
});

it("a refused key looks bad, a working one good", () => {
  expect([toneOf("works"), toneOf("refused"), toneOf("unreachable"), toneOf("")]).toEqual(["good", "bad", "warn", "calm"]);
});

it("the code for another site names the clone, the corner and the size", () => {
  expect(buttonCode("https://me.example", "ada", "left", "small")).toBe('<script src="https://me.example/embed.js" data-clone="ada" data-position="left" data-size="small" defer></script>');
  expect(frameCode("https://me.example", "ada", "large")).toContain('width="460" height="720" allow="microphone; autoplay"');
});
