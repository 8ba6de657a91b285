// @vitest-environment jsdom
/** Pictures of products as their owner gives, orders and removes them, before a server that answers as the API describes. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query";
import { SourcePanel } from "@/features/conversation/source-panel";
import KnowledgeStep from "@/features/knowledge/knowledge-step";
import { faultOf } from "@/features/knowledge/products/picture-words";
import { chooseLanguage } from "@/ui/i18n/language";
import { ToastProvider } from "@/ui/toasts";
import { ApiError } from "@/wire/api-error";
import type { PictureItem, ProductItem } from "@/wire/api/types.gen";
import { forgetSession } from "@/wire/session";
import * as uploads from "@/wire/upload";

configure({ asyncUtilTimeout: 15_000 });
const user = userEvent.setup();
const AT = "2026-03-01T10:00:00Z";
const picture = (id: string): PictureItem => ({ id, productId: "kettle", width: 640, height: 480, size: 21_000, url: `/api/clones/c/pictures/${id}`, thumbnailUrl: `/api/clones/c/pictures/${id}?size=thumbnail`, createdAt: AT });
const kettle: ProductItem = { id: "kettle", documentId: "d", row: 2, name: "Kettle", description: "", price: 24.9, currency: "EUR", sku: "K1", url: null, image: "https://example.org/k.jpg", category: null, brand: null, details: {}, pictures: [] };

let pictures: PictureItem[];
let asked: string[];
let refuse: Record<string, string>;

beforeEach(() => {
  forgetSession();
  [pictures, asked, refuse] = [[], [], {}];
  vi.stubGlobal("fetch", (input: Request | string, init?: RequestInit) => Promise.resolve(answer(input, init)));
  const answer = (input: Request | string, init?: RequestInit): Response => {
    const address = typeof input === "string" ? input : input.url;
    const { pathname, search } = new URL(address, "http://localhost");
    const method = typeof input === "string" ? (init?.method ?? "GET") : input.method;
    if (pathname === "/api/sessions") return Response.json({ token: "t", wsUrl: "/ws", expiresAt: AT, owner: true, clone: { slug: "ada", name: "Ada", greeting: "", language: "EN" } });
    if (method !== "GET" || pathname.includes("/pictures/")) asked.push(`${method} ${pathname}${search}`);
    if (pathname === "/api/products") return Response.json({ products: [{ ...kettle, pictures }], documents: [] });
    if (pathname.startsWith("/api/sessions/")) return Response.json({ title: "Prices", heading: "", locator: "row 2", url: null, before: "", passage: "We sell a kettle.", after: "", pictures });
    const id = /pictures\/(\w+)/.exec(pathname)?.[1] ?? "";
    if (method === "DELETE") pictures = pictures.filter((each) => each.id !== id);
    if (pathname.endsWith("/main")) pictures = [...pictures.filter((each) => each.id === id), ...pictures.filter((each) => each.id !== id)];
    if (pathname.endsWith("/main")) return Response.json({ pictures });
    if (method === "DELETE") return new Response(null, { status: 204 });
    if (pathname.includes("/pictures/")) return new Response(new Blob(["RIFF"]), { headers: { "content-type": "image/webp" } });
    return Response.json({ documents: [], unanswered: [], answers: [], reports: [], slug: "ada" });
  };
  vi.spyOn(uploads, "upload").mockImplementation((path, form) => {
    const { name } = form.get("files") as File;
    asked.push(`POST ${path} ${name}`);
    if (refuse[name] !== undefined) return Promise.reject(new ApiError(refuse[name], "BAD_INPUT", 400));
    pictures = [...pictures, picture(name.split(".")[0] ?? "")];
    return Promise.resolve({ pictures });
  });
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => undefined;
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
  vi.restoreAllMocks();
  await chooseLanguage("en");
});

function open(): void {
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter initialEntries={["/studio/ada/knowledge?tab=products"]}>
        <ToastProvider>
          <Routes>
            <Route path="studio/:clone/knowledge" element={<KnowledgeStep />} />
          </Routes>
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const file = (name: string) => new File(["x"], name, { type: "image/png" });
const posted = (...names: string[]) => names.map((name) => `POST /api/products/kettle/pictures ${name}`);
const changes = () => asked.filter((each) => !each.startsWith("GET"));

describe("pictures of a product", () => {
  it("are given one after the other; one that cannot be shown harms no other, and is told of in the page's language", async () => {
    refuse["b.png"] = "b.png: The picture is damaged or cut off. Save it again as JPEG, PNG or WebP and upload that.";
    await chooseLanguage("es");
    open();
    await user.click(await screen.findByRole("button", { name: "Añadir una imagen de Kettle" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Imágenes de Kettle" }));
    await user.upload(dialog.getByLabelText("Añade imágenes del producto", { selector: "input" }), [file("a.png"), file("b.png"), file("c.webp")]);
    expect((await dialog.findByRole("alert")).textContent).toBe("b.png: La imagen está dañada o cortada. Guárdala de nuevo como JPEG, PNG o WebP y súbela.");
    expect(changes()).toEqual(posted("a.png", "b.png", "c.webp"));
    expect(await dialog.findAllByRole("listitem")).toHaveLength(2);
  });

  it("that a list only names are said and never fetched", async () => {
    open();
    const told = await screen.findByText(/The list names a picture: “https:\/\/example.org\/k.jpg”/);
    expect(told.querySelector("a, img")).toBeNull();
    expect([...document.images].map(({ src }) => src).filter((src) => src.includes("example.org"))).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("can be exchanged, put first and taken away", async () => {
    pictures = [picture("a"), picture("b")];
    open();
    await user.click(await screen.findByRole("button", { name: "The 2 pictures of Kettle" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Make picture 2 the main one" }));
    await waitFor(() => { expect(pictures.map(({ id }) => id)).toEqual(["b", "a"]); });
    await waitFor(() => { expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Replace picture 1" }).disabled).toBe(false); });
    asked = [];
    await user.upload(dialog.getByLabelText("Replace picture 1", { selector: "input" }), file("n.png"));
    await waitFor(() => { expect(pictures.map(({ id }) => id)).toEqual(["n", "a"]); });
    expect(changes()).toEqual([...posted("n.png"), "POST /api/products/kettle/pictures/n/main", "DELETE /api/products/kettle/pictures/b"]);
    await waitFor(() => { expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Remove picture 2" }).disabled).toBe(false); });
    await user.click(dialog.getByRole("button", { name: "Remove picture 2" }));
    await waitFor(() => { expect(dialog.getAllByRole("listitem")).toHaveLength(1); });
  });

  it("make room first where there is none, and are all that a full product is offered", async () => {
    pictures = ["a", "b", "c", "d", "e", "f", "g", "h"].map(picture);
    open();
    await user.click(await screen.findByRole("button", { name: "The 8 pictures of Kettle" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.queryByText("Add pictures of it")).toBeNull();
    await user.upload(dialog.getByLabelText("Replace picture 3", { selector: "input" }), file("n.png"));
    await waitFor(() => { expect(changes()).toEqual(["DELETE /api/products/kettle/pictures/c", ...posted("n.png")]); });
  });
});

describe("the source of an answer", () => {
  const source = { id: "s", title: "Prices", heading: "", excerpt: "We sell", score: 0.9, locator: "row 2", url: null };
  const show = () => {
    render(
      <QueryClientProvider client={makeQueryClient()}>
        <SourcePanel sessionId="one" asked={{ source, turnId: 1 }} onClose={() => undefined} />
      </QueryClientProvider>,
    );
  };

  it("shows what the product looks like", async () => {
    pictures = [picture("a"), picture("b")];
    show();
    expect(await screen.findByRole("img", { name: "Picture 1 of the product" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Picture 2 of the product" }));
    expect(await screen.findByRole("img", { name: "Picture 2 of the product" })).toBeTruthy();
    expect(asked).toContain("GET /api/clones/c/pictures/b");
  });

  it("of anything else shows none", async () => {
    show();
    expect(await screen.findByText("We sell a kettle.")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
  });
});

it.each([
  ["x.gif: This is not a picture that can be shown. Save it", "pictures.notOne"],
  ["HEIC photos cannot be read yet.", "pictures.heic"],
  ["a.png: The picture has more than 15 MB. Save", "pictures.tooHeavy"],
  ["a.png: The picture has more than 40 megapixels. Save", "pictures.tooLarge"],
  ["A product has at most 8 pictures. Remove one of them first.", "pictures.full"],
  ["Something new.", null],
])("%s is said as %s", (message, key) => {
  expect(faultOf(message)).toBe(key);
});
