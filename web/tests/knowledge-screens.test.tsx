// @vitest-environment jsdom
/** The knowledge step as a person meets it, before a server that answers as the API describes. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import KnowledgeStep from "@/features/knowledge/knowledge-step";
import { chooseLanguage } from "@/ui/i18n/language";
import { ToastProvider } from "@/ui/toasts";
import type { DocumentItem, ReportItem, UnansweredItem } from "@/wire/api/types.gen";
import { forgetSession } from "@/wire/session";

configure({ asyncUtilTimeout: 15_000 });
const user = userEvent.setup();
const AT = "2026-03-01T10:00:00Z";

const kettles: DocumentItem = {
  id: "00000000-0000-4000-8000-000000000001", userId: "00000000-0000-4000-8000-000000000002", cloneId: "00000000-0000-4000-8000-000000000003", filename: "kettles.md", title: "Kettles",
  contentType: "text/markdown", language: "EN", status: "completed", progress: 1, message: "", errorMessage: null, chunkCount: 4, sourceUrl: null, kind: "file", size: 1500, notes: [], products: 0, uploadedAt: AT, processedAt: AT,
};
const asked: UnansweredItem = { id: "00000000-0000-4000-8000-000000000004", question: "Do you sell umbrellas?", language: "EN", times: 3, firstAskedAt: AT, lastAskedAt: AT };
const report: ReportItem = { id: "00000000-0000-4000-8000-000000000005", clone: "ada", sessionId: asked.id, turnId: 1, reason: "made_up", words: "Not so.", question: "How old are you?", answer: "Ninety.", status: "open", note: "", reportedAt: AT, resolvedAt: null };

type Answers = Record<string, () => object | Response>;
let answers: Answers;
let sent: { method: string; path: string; body: unknown }[];

beforeEach(() => {
  forgetSession();
  sent = [];
  answers = {
    "/api/documents": () => ({ documents: [] }),
    "/api/clones/ada": () => ({ slug: "ada" }),
    "/api/clones/ada/unanswered": () => ({ unanswered: [] }),
    "/api/clones/ada/answers": () => ({ answers: [] }),
    "/api/reports": () => ({ reports: [] }),
    "/api/feedback": () => ({ average: null, count: 0, ratings: [] }),
    "/api/clones/ada/answering": () => ({ adherence: "adaptive", noAnswer: { ES: "Ni idea." } }),
  };
  vi.stubGlobal("fetch", async (input: Request | string) => {
    if (typeof input === "string") return Response.json({ token: "t", wsUrl: "/ws", expiresAt: AT, owner: true, permissions: ["converse", "own", "read_metrics"], signedIn: false, clone: { slug: "ada", name: "Ada", greeting: "", language: "EN" } });
    const { pathname } = new URL(input.url);
    if (input.method !== "GET") sent.push({ method: input.method, path: pathname, body: await input.json().catch(() => null) });
    const answer = answers[`${input.method} ${pathname}`] ?? answers[pathname];
    const body = answer?.();
    if (body instanceof Response) return body;
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
  HTMLElement.prototype.hasPointerCapture = () => false;
  HTMLElement.prototype.scrollIntoView = () => undefined;
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await chooseLanguage("en");
});

function open(tab: string): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={[`/studio/ada/knowledge?tab=${tab}`]}>
        <ToastProvider>
          <Routes>
            <Route path="studio/:clone/knowledge" element={<KnowledgeStep />} />
          </Routes>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const failure = (code: string, message: string, status: number): (() => Response) => () => Response.json({ error: { code, message } }, { status });

describe("documents", () => {
  it("say what to do first when there are none", async () => {
    open("documents");
    expect(await screen.findByRole("heading", { name: "Nothing to read yet" })).toBeTruthy();
  });

  it("that cannot be listed are told of with a way to try again", async () => {
    answers["/api/documents"] = failure("NOT_FOUND", "there is no such clone", 404);
    open("documents");
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such clone.");
    answers["/api/documents"] = () => ({ documents: [kettles] });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("kettles.md")).toBeTruthy();
  });

  it("show what is being done with them, what went wrong and what to do, and leave the owner's answers to their own place", async () => {
    const busy = { ...kettles, id: "b", title: "b.pdf", filename: "b.pdf", status: "processing", progress: 0.4, message: "Understanding 2 of 5 passages", chunkCount: 0 };
    const stopped = { ...kettles, id: "s", title: "s.pdf", filename: "s.pdf", status: "failed", errorCode: "CANCELLED", errorMessage: "The reading was stopped. Start it again when you like." };
    const damaged = { ...kettles, id: "d", title: "d.pdf", filename: "d.pdf", status: "failed", errorCode: "BAD_INPUT", errorMessage: "The file is damaged. Open it in the program that made it, save it again, and upload that." };
    const own = { ...kettles, id: "o", title: "Where do you live?", contentType: "text/x-answer", kind: "built-in" };
    answers["/api/documents"] = () => ({ documents: [busy, stopped, damaged, own, kettles] });
    await chooseLanguage("es");
    open("documents");
    const row = (name: string) => within(screen.getByText(name).closest("tr") as HTMLElement);
    expect((await screen.findByRole("progressbar")).getAttribute("aria-valuetext")).toBe("2 de 5 pasajes listos para buscar");
    await user.click(row("b.pdf").getByRole("button", { name: "Dejar de leer b.pdf" }));
    expect(sent).toEqual([{ method: "POST", path: "/api/documents/b/cancel", body: null }]);
    await user.click(row("s.pdf").getByRole("button", { name: "Reintentar s.pdf" }));
    expect(sent[1]?.path).toBe("/api/documents/s/retry");
    expect(row("d.pdf").getByText(/El archivo está dañado/)).toBeTruthy();
    expect(row("d.pdf").queryByRole("button", { name: /Reintentar/ })).toBeNull();
    expect(screen.queryByText("Where do you live?")).toBeNull();
  });

  it("that were deleted come back by undo, and nothing is sent", async () => {
    answers["/api/documents"] = () => ({ documents: [kettles] });
    open("documents");
    await user.click(await screen.findByRole("button", { name: "More for Kettles" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await waitFor(() => {
      expect(screen.queryByText("kettles.md")).toBeNull();
    });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("kettles.md")).toBeTruthy();
    expect(sent).toEqual([]);
  });
});

describe("questions", () => {
  it("are answered in a dialog, which says what the server has against it", async () => {
    answers["/api/clones/ada/unanswered"] = () => ({ unanswered: [asked] });
    answers["POST /api/clones/ada/answers"] = failure("OVERLOADED", "busy", 503);
    open("questions");
    expect(await screen.findByRole("tab", { name: "Questions (1)" })).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: "Answer: Do you sell umbrellas?" }));
    await user.type(screen.getByLabelText("Answer"), "Yes.");
    await user.click(screen.getByRole("button", { name: "Save answer" }));
    expect(await screen.findByText(/All places are taken/)).toBeTruthy();
    answers["POST /api/clones/ada/answers"] = () => ({ id: "a", question: asked.question, answer: "Yes." });
    answers["/api/clones/ada/unanswered"] = () => ({ unanswered: [] });
    await user.click(screen.getByRole("button", { name: "Save answer" }));
    expect(await screen.findByText(/Nothing is waiting/)).toBeTruthy();
    expect(sent.at(-1)).toEqual({ method: "POST", path: "/api/clones/ada/answers", body: { questionId: asked.id, answer: "Yes." } });
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => {
      expect(sent.at(-1)).toMatchObject({ method: "DELETE", path: "/api/clones/ada/answers/a" });
    });
  });

  it("show how people rated conversations with this clone alone", async () => {
    const rating = { clone: "ada", sessionId: asked.id, rating: 4, words: "Quick.", ratedAt: AT };
    answers["/api/feedback"] = () => ({ average: 2.5, count: 3, ratings: [rating, { ...rating, sessionId: "b", rating: 5, words: "" }, { ...rating, sessionId: "c", clone: "bo", rating: 1, words: "Bad." }] });
    open("questions");
    const list = within(await screen.findByRole("list", { name: "How people rated it" }));
    expect(list.getAllByRole("img").map((each) => each.getAttribute("aria-label"))).toEqual(["4 of 5 stars", "5 of 5 stars"]);
    expect(screen.getByText("4.5 of 5 stars, from 2 conversations.")).toBeTruthy();
    expect(screen.queryByText("Bad.")).toBeNull();
  });

  it("that were answered wrongly are corrected from the report, which is dealt with then; other clones' reports stay away", async () => {
    answers["/api/reports"] = () => ({ reports: [report, { ...report, id: "x", clone: "bob", question: "About Bob?" }, { ...report, id: "y", status: "resolved", resolvedAt: AT, question: "Long ago?" }] });
    answers["POST /api/clones/ada/corrections"] = () => ({ id: "c", question: "How old are you?", answer: "Forty." });
    answers[`POST /api/reports/${report.id}/resolve`] = () => ({ ...report, status: "resolved" });
    open("questions");
    const list = await screen.findByRole("list", { name: "What people reported" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(1);
    expect(list.textContent).toContain("Made up");
    expect(screen.getByText("One was dealt with")).toBeTruthy();
    expect(screen.queryByText("About Bob?")).toBeNull();
    await user.click(within(list).getByRole("button", { name: "Write the right answer" }));
    expect((screen.getByLabelText<HTMLInputElement>("Question")).value).toBe("How old are you?");
    await user.type(screen.getByLabelText("Answer"), "Forty.");
    await user.click(screen.getByRole("button", { name: "Save answer" }));
    await waitFor(() => {
      expect(sent.map(({ path }) => path)).toEqual(["/api/clones/ada/corrections", `/api/reports/${report.id}/resolve`]);
    });
    expect(sent[0]?.body).toEqual({ question: "How old are you?", answer: "Forty." });
  });
});

describe("sources", () => {
  it("keep what is written, and what is empty is said in the product's words", async () => {
    answers["PUT /api/clones/ada/answering"] = () => ({ adherence: "strict", noAnswer: { ES: "Ni idea." } });
    open("sources");
    await user.click(await screen.findByRole("radio", { name: "Strict" }));
    expect(screen.getByLabelText<HTMLInputElement>("Spanish").value).toBe("Ni idea.");
    expect(screen.getByLabelText<HTMLInputElement>("Chinese").placeholder).toBe("这个问题我没有答案。");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => {
      expect(sent).toEqual([{ method: "PUT", path: "/api/clones/ada/answering", body: { adherence: "strict", noAnswer: { EN: "", ES: "Ni idea.", ZH: "" } } }]);
    });
  });
});
