// @vitest-environment jsdom
/** The operations page: closed to visitors; alerts first; figures of the chosen stretch; jobs done again and cancelled. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import OperationsPage from "@/features/operations/operations-page";
import { overTime, toneOfShare } from "@/features/operations/terms";
import { linePath, niceTop } from "@/ui/chart-path";
import { ToastProvider } from "@/ui/toasts";
import type { Operations, Point, Span } from "@/wire/api";
import { client } from "@/wire/api/client.gen";
import { forgetSession } from "@/wire/session";

const known = { count: 12, p50Ms: 480, p95Ms: 910, p99Ms: 1200, meanMs: 500 };
const unknown = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, meanMs: null };

function span(turns: number): Span {
  return {
    traffic: { seconds: 300, turns, answered: turns, perMinute: 2, interrupted: 0, interruptionRate: null, overlaps: 0, resumed: 0, speculated: 0, confidence: null, errors: 0, errorRate: null, retries: 0, fallbacks: 0 },
    latency: { endToEnd: known, asr: unknown, endpointing: unknown, rag: unknown, llm: unknown, tts: unknown, lipSync: unknown, lag: unknown },
  };
}

const line = { kind: "build_voice", mine: true, progress: 0.4, message: "listening", attempt: 1, createdAt: "2026-11-20T10:00:00Z" };
const STATE: Operations = {
  at: "2026-11-21T20:00:00Z", since: "2026-11-21T19:00:00Z",
  conversations: { active: 3, capacity: 8, started: 5, completed: 2 },
  fiveMinutes: span(7), hour: span(70), day: span(700),
  errors: [{ component: "llm", code: "TIMEOUT", ours: true, fiveMinutes: 0, hour: 4, day: 9 }],
  providers: [
    { role: "llm", name: "openai", chosen: true, status: "down", breaker: "open", failuresInRow: 5, calls: 10, failures: 5, errorRate: 0.5, latency: known, lastError: "TIMEOUT", lastErrorMessage: "no answer", lastErrorAt: "2026-11-21T19:59:00Z", hint: "selfsame doctor" },
    { role: "vad", name: "silero", latency: unknown },
  ],
  fallbacks: [],
  jobs: {
    kinds: [], workers: [], failedLastDay: 1, oldestWaitSeconds: 0,
    running: [{ ...line, id: "run", status: "running", canCancel: true }],
    failed: [{ ...line, id: "bad", kind: "read_document", status: "failed", canRetry: true, errorMessage: "The file is damaged." }],
    waiting: [],
  },
  costs: { today: 0.12, usualDay: null, month: 3, budget: 10, perMinute: 0.01, byProvider: {}, byDay: [], unpriced: [], prices: {} },
  resources: { uptimeSeconds: 60, cpuSeconds: 1, cpuShare: 1.9, cores: 2, rssBytes: 1e8, children: 1, childrenRssBytes: 1e8, memoryShare: 0.5, diskFreeBytes: 1e9, diskShare: 0.2, poolUsed: 1, poolSize: 5, receivedBytes: 0, sentBytes: 0, figuresBytes: 0 },
  health: { status: "degraded", components: {} },
  alerts: [{ level: "critical", code: "COMPONENT_DOWN", what: "llm is down.", action: "Run selfsame doctor.", values: { name: "llm", why: "no answer" } }],
};
const point: Point = { at: "2026-11-21T20:00:00Z", seconds: 10, active: 1, turns: 2, interrupted: 0, errors: 0, cpuShare: 0.2, lagP95Ms: 4, lagP99Ms: 5, p50Ms: { endToEnd: 400 }, p95Ms: { endToEnd: 800 } };

let permissions: string[];
let asked: string[];

beforeEach(() => {
  permissions = ["own", "read_metrics"];
  asked = [];
  forgetSession();
  client.setConfig({ baseUrl: "http://localhost:3000" });
  vi.stubGlobal("fetch", (input: Request | string) => {
    const url = new URL(input instanceof Request ? input.url : input, "http://localhost/");
    const method = input instanceof Request ? input.method : "POST";
    asked.push(`${method} ${url.pathname}${url.search}`);
    const answers: Record<string, unknown> = {
      "/api/sessions": { token: "t", wsUrl: "/ws/chat", expiresAt: "2026-01-01T00:00:00Z", owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false, clone: { slug: "vera", name: "Vera", greeting: "", language: "EN" } },
      "/api/me": { userId: "u", owner: true, permissions },
      "/api/operations": STATE,
      "/api/operations/series": { stepSeconds: 10, points: [point, { ...point, p50Ms: {}, p95Ms: {} }] },
    };
    return Promise.resolve(Response.json(answers[url.pathname] ?? { job: STATE.jobs?.failed[0] }));
  });
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
      <MemoryRouter>
        <ToastProvider>
          <OperationsPage />
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

describe("operations", () => {
  it("are for whoever may read measures, and ask for nothing before that is known", async () => {
    permissions = ["talk"];
    open();
    expect(await screen.findByText("For the owner of this server")).toBeTruthy();
    expect(asked.some((one) => one.includes("operations"))).toBe(false);
  });

  it("say what is alarming and what to do, before all else", async () => {
    open();
    expect(await screen.findByText("Run `selfsame doctor`: it names the engine and the one command that repairs it.")).toBeTruthy();
    expect(screen.getByRole("meter", { name: "Going on now" }).getAttribute("aria-valuetext")).toBe("3 of 8 places");
    expect(screen.getByText(/resting after failures/)).toBeTruthy();
    const engines = screen.getByRole("region", { name: "Engines" });
    expect(within(engines).getAllByRole("listitem")[0]?.textContent).toContain("openai");
  });

  it("show the stretch of time that is chosen", async () => {
    open();
    expect(await screen.findByText("None in this stretch of time.")).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: "1 hour" }));
    expect(await screen.findByText("TIMEOUT")).toBeTruthy();
    await waitFor(() => {
      expect(asked).toContain("GET /api/operations/series?minutes=60");
    });
  });

  it("give every chart as a table too", async () => {
    open();
    await screen.findByText("Run `selfsame doctor`: it names the engine and the one command that repairs it.");
    const chart = await screen.findByRole("figure", { name: /Whole answer over time/ });
    await user.click(within(chart).getByRole("button", { name: "As a table" }));
    expect(within(chart).getByRole("cell", { name: "800 ms" })).toBeTruthy();
  });

  it("have failed work done again, and cancel what runs", async () => {
    open();
    await user.click(await screen.findByRole("button", { name: "Do it again: read_document" }));
    await user.click(screen.getByRole("button", { name: "Cancel: build_voice" }));
    await waitFor(() => {
      expect(asked).toEqual(expect.arrayContaining(["POST /api/operations/jobs/bad/retry", "POST /api/operations/jobs/run/cancel"]));
    });
  });
});

it.each([
  [[0, 10], "M0 99L100 1"],
  [[null, 10, null], "M50 1h6"],
  [[5, null, 5], "M0 50h6M100 50h6"],
  [[20, 0], "M0 1L100 99"],
  [[null, null], ""],
])("the line through %j is %j", (values, path) => {
  expect(linePath(values, { width: 100, height: 100, top: 10, count: values.length })).toBe(path);
});

it.each([
  [0, 1],
  [0.3, 0.5],
  [7, 10],
  [10, 10],
  [1234, 2000],
])("a scale for %j reaches to %j", (most, top) => {
  expect(niceTop(most)).toBeCloseTo(top);
});

it("the server's own delay is known by its larger figure alone", () => {
  expect([overTime([point], "lag", "p50Ms"), overTime([point], "lag", "p95Ms"), overTime([point], "llm", "p50Ms")]).toEqual([[null], [4], [null]]);
  expect([toneOfShare(0.5), toneOfShare(0.85), toneOfShare(1)]).toEqual(["good", "warn", "bad"]);
});
