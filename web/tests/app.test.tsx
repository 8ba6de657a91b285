// @vitest-environment jsdom
/** The addresses of the app: what each shows, and what happens on the way from one to the next. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "@/app/app";
import { makeQueryClient, mayRetry } from "@/app/query";
import { troubleOf } from "@/features/sign-in/trouble";
import { ConfirmProvider } from "@/ui/confirm";
import { chooseLanguage } from "@/ui/i18n/language";
import { ToastProvider } from "@/ui/toasts";
import { ApiError } from "@/wire/api-error";
import { forgetSession } from "@/wire/session";
import { UNKNOWN } from "./persona";

function Where() {
  const { pathname, search } = useLocation();
  return <output data-testid="where">{pathname + search}</output>;
}

const where = (): string => screen.getByTestId("where").textContent;

function open(address: string): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={[address]}>
        <ToastProvider>
          <ConfirmProvider>
            <App />
          </ConfirmProvider>
          <Where />
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const ADA = {
  id: "c1", slug: "ada", name: "Ada", description: "", greeting: "", language: "EN", public: false, demonstration: false, adherence: "adaptive",
  knowledgeVersion: 0, hasFace: false, hasVoice: false, faceModelId: null, voiceModelId: null, documents: { total: 0, reading: 0, failed: 0 }, createdAt: null,
};

beforeAll(() => {
  // jsdom has neither of these.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
});

let owner: boolean;
let own: object[];
let signInAnswer: () => Response;

beforeEach(() => {
  owner = true;
  own = [];
  signInAnswer = () => Response.json({ error: { code: "UNAUTHENTICATED", message: "this code is not known" } }, { status: 401 });
  forgetSession();
  const grant = (): object => ({ token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner, permissions: owner ? ["converse", "own", "read_metrics"] : ["converse"], signedIn: false, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } });
  vi.stubGlobal("fetch", (input: Request | string) => {
    const path = input instanceof Request ? new URL(input.url).pathname : input;
    if (path === "/api/sessions") return Promise.resolve(Response.json(grant()));
    if (path === "/api/sign-in") return Promise.resolve(signInAnswer());
    if (path === "/api/clones/mine") return Promise.resolve(Response.json({ clones: own }));
    if (path === "/api/persona") return Promise.resolve(Response.json(UNKNOWN));
    if (path === "/api/clones/ada") return Promise.resolve(Response.json(ADA));
    return Promise.resolve(Response.json({ clones: [], consents: [], faceModels: [], voiceModels: [], jobs: [], unanswered: [], documents: [], history: [] }));
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal("WebSocket", undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

configure({ asyncUtilTimeout: 15_000 }); // pages are loaded when they are wanted, and the machine may be busy
const user = userEvent.setup();

describe("the app", () => {
  it.each([
    ["/", "A clone of you that people can talk with"],
    ["/avatar", "My clone"],
    ["/studio", "Studio"],
    ["/studio/ada", "Consent"],
    ["/studio/ada/voice", "Voice"],
    ["/studio/ada/face", "Face"],
    ["/studio/ada/knowledge", "Knowledge"],
    ["/studio/ada/manner", "Manner"],
    ["/studio/ada/try", "Try it"],
    ["/settings", "Settings"],
    ["/operations", "Operations"],
    ["/sign-in", "Sign in"],
    ["/nowhere/at/all", "There is nothing here"],
  ])("%s shows %j, and says so in the title", async (address, heading) => {
    open(address);
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBe(heading);
    await waitFor(() => {
      expect(document.title).toBe(`${heading} · Selfsame`);
    });
  });

  it("leads the older address of a clone to its page", async () => {
    open("/?clone=ada-rowe&measure");
    await waitFor(() => {
      expect(where()).toBe("/talk/ada-rowe?measure=");
    });
  });

  it.each([
    [[{ slug: "vera", demonstration: true }], "/avatar", "You have no clone yet"],
    [[{ slug: "vera", demonstration: true }, { slug: "ada", demonstration: false }], "/talk/ada", "We cannot talk just now"],
    [[{ slug: "ada", name: "Ada" }, { slug: "bo", name: "Bo" }], "/avatar", "Bo"],
  ])("shows one's own clone, a choice, or how to make one (%#)", async (clones, address, words) => {
    own = clones;
    open("/avatar");
    expect((await screen.findAllByText(words)).length).toBeGreaterThan(0);
    expect(where()).toBe(address);
  });

  it("moves the focus to the heading of the page one goes to", async () => {
    open("/avatar");
    await screen.findByRole("heading", { level: 1, name: "My clone" });
    await user.click(screen.getAllByRole("link", { name: "Studio" })[0] as HTMLElement);
    const heading = await screen.findByRole("heading", { level: 1, name: "Studio" });
    await waitFor(() => {
      expect(document.activeElement).toBe(heading);
    });
  });

  it("changes colours and language from its menu", async () => {
    open("/studio");
    await user.click(await screen.findByRole("button", { name: "Menu" }));
    await user.click(screen.getByRole("menuitemradio", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    await user.click(screen.getByRole("button", { name: "Menu" }));
    await user.click(screen.getByRole("menuitemradio", { name: "Español" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Estudio" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("es");
    await chooseLanguage("en");
  });

  it("says when the connection is gone", async () => {
    open("/studio");
    await screen.findByRole("heading", { level: 1 });
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    window.dispatchEvent(new Event("offline"));
    expect(await screen.findByText(/You are offline/)).toBeTruthy();
  });
});

describe("signing in", () => {
  it("is not needed by the person at the machine", async () => {
    open("/sign-in");
    expect(await screen.findByText("You are signed in")).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("takes a code, says when it is wrong, and leads on when it is right", async () => {
    owner = false;
    open("/sign-in#WRONG-CODE");
    const box = await screen.findByRole("textbox", { name: "Code" });
    expect(box).toHaveProperty("value", "WRONG-CODE");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findAllByText(/This code is not right/)).length).toBeGreaterThan(0);
    owner = true;
    signInAnswer = () => Response.json({ token: "mine", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } });
    await user.clear(box);
    await user.type(box, "RIGHT");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => {
      expect(where()).toBe("/studio");
    });
  });

  it.each([
    [401, "wrong"],
    [400, "wrong"],
    [429, "tooOften"],
    [405, "none"],
    [503, null],
    [0, null],
  ])("a refusal of %j is %j", (status, trouble) => {
    expect(troubleOf(new ApiError("x", "X", status))).toBe(trouble);
  });
});

it.each([
  [new ApiError("x", "UNREACHABLE"), 0, true],
  [new ApiError("x", "OVERLOADED", 503), 2, true],
  [new ApiError("x", "OVERLOADED", 503), 3, false],
  [new ApiError("x", "NOT_FOUND", 404), 0, false],
  [new Error("x"), 0, false],
])("a query that failed with %s for the %jth time: try again %j", (error, failures, again) => {
  expect(mayRetry(failures, error)).toBe(again);
});
