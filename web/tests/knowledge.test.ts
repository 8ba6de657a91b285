/** What the knowledge step decides without a page: kinds, steps, places, marks, order, and files on their way. */
import { describe, expect, it, vi } from "vitest";
import { adviceOf } from "@/features/knowledge/advice";
import { readPairs } from "@/features/knowledge/documents/pairs";
import { mark, nearness, wordShare } from "@/features/knowledge/find/judge";
import { priceOf, sift, type Order } from "@/features/knowledge/products/sift";
import { isBusy, mayHelp, placeOf, shapeOf, stepOf } from "@/features/knowledge/shapes";
import { FileQueue, type SendOptions } from "@/media/file-queue";
import type { ProductItem } from "@/wire/api/types.gen";
import { ApiError } from "@/wire/api-error";

describe("a document", () => {
  it.each([
    ["file", "application/pdf", "a.bin", "pdf"],
    ["file", "", "Report.DOCX", "word"],
    ["file", "text/csv", "list", "sheet"],
    ["file", "", "noend", "file"],
    ["pairs", "application/vnd.selfsame.faq+json", "FAQ: x", "pairs"],
    ["address", "text/html", "https://example.org", "web"],
    ["products", "application/pdf", "a.pdf", "products"],
    ["built-in", "text/markdown", "guide.md", "builtIn"],
    ["file", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx", "sheet"],
    ["file", "application/x-subrip", "a.srt", "subtitles"],
  ] as const)("%s of type %j named %j is %s", (kind, contentType, filename, shape) => {
    expect(shapeOf({ kind, contentType, filename })).toBe(shape);
  });

  it.each([
    ["pending", true],
    ["processing", true],
    ["completed", false],
    ["failed", false],
  ] as const)("%s is busy: %s", (status, busy) => {
    expect(isBusy({ status })).toBe(busy);
  });

  it.each([
    ["failed", "BAD_INPUT", "file", false],
    ["failed", "BAD_INPUT", "address", true],
    ["failed", "CANCELLED", "file", true],
    ["failed", "PROVIDER_DOWN", "file", true],
    ["failed", "DUPLICATE", "address", false],
    ["completed", null, "file", false],
  ] as const)("that %s by %s (%s) may be helped by trying again: %s", (status, errorCode, kind, helps) => {
    expect(mayHelp({ status, errorCode, kind })).toBe(helps);
  });

  it.each([
    ["", { key: "waiting" }],
    ["Reading", { key: "reading" }],
    ["Understanding 3 of 12 passages", { key: "passages", done: 3, total: 12 }],
    ["Something new", { key: "other", text: "Something new" }],
  ])("at %j is at step %j", (message, step) => {
    expect(stepOf(message)).toEqual(step);
  });

  it.each([
    ["", null],
    ["#kettles", null],
    ["page 3", { key: "page", number: "3", sheet: "" }],
    ["Sheet, one, rows 2-9", { key: "rows", number: "2–9", sheet: "Sheet, one" }],
    ["slide 4", { key: "other", text: "slide 4" }],
  ])("passage at %j stands at %j", (locator, place) => {
    expect(placeOf(locator)).toEqual(place);
  });
});

describe("advice", () => {
  it.each([
    ["The file is damaged. Open it in the program that made it, save it again, and upload that.", "damaged", {}, false],
    ["The file is empty. Choose the right one, and upload it again. Until then the version from before is used.", "empty", {}, true],
    ["This says the same as a.b, which the clone knows already. If", "twin", { name: "a.b" }, false],
    ["3 rows have no name and were left out: rows 2, 7, 9.", "unnamedRows", { many: "3", rows: "2, 7, 9" }, false],
    ["The price is no number in row 4; it is kept as it is written.", "wordyPrice", { rows: "4" }, false],
    ["example.org has no such page. Check the address.", "noPage", { host: "example.org" }, false],
  ])("%j is known", (message, key, values, older) => {
    expect(adviceOf(message)).toEqual({ key, values, older });
  });

  it("that is not known is left in the server's words", () => {
    expect(adviceOf("The moon is made of cheese.")).toBeNull();
  });
});

describe("pairs", () => {
  it("are read from what the server kept, and from nothing else", () => {
    expect(readPairs('[{"question":"Q","answer":"A"}]')).toEqual([{ question: "Q", answer: "A" }]);
    for (const wrong of ["", "{}", '[{"question":"Q"}]', "[null]", "[1]"]) expect(readPairs(wrong)).toBeNull();
  });
});

const product = (name: string, more: Partial<ProductItem> = {}): ProductItem => ({ id: name, documentId: "one", row: 1, name, description: "", price: null, currency: null, sku: null, url: null, image: null, category: null, brand: null, details: {}, pictures: [], ...more });

describe("products", () => {
  const all = [product("Tetera", { price: 20, category: "Cocina" }), product("Éclair 2", { price: 3, details: { colour: "Brown" } }), product("Éclair 10", { documentId: "two", category: "Baking" })];

  it.each([
    [{ words: "", document: "", order: "file" }, ["Tetera", "Éclair 2", "Éclair 10"]],
    [{ words: "eclair BROWN", document: "", order: "file" }, ["Éclair 2"]],
    [{ words: "", document: "two", order: "file" }, ["Éclair 10"]],
    [{ words: "", document: "", order: "name" }, ["Éclair 2", "Éclair 10", "Tetera"]],
    [{ words: "", document: "", order: "cheapest" }, ["Éclair 2", "Tetera", "Éclair 10"]],
    [{ words: "", document: "", order: "dearest" }, ["Tetera", "Éclair 2", "Éclair 10"]],
    [{ words: "", document: "", order: "category" }, ["Éclair 10", "Tetera", "Éclair 2"]],
    [{ words: "nothing", document: "", order: "file" }, []],
  ] as [{ words: string; document: string; order: Order }, string[]][])("sifted by %j are %j", (wish, names) => {
    expect(sift(all, wish, "en").map(({ name }) => name)).toEqual(names);
  });

  it.each([
    [24.9, "EUR", "€24.90"],
    [3, "USD", "$3"],
    [3.5, null, "3.5"],
    [3, "no currency", "3 no currency"],
    [null, "EUR", "–"],
  ])("%s %s is written %s", (price, currency, text) => {
    expect(priceOf({ price, currency }, "en")).toBe(text);
  });
});

describe("a search", () => {
  const marked = (text: string, stems: string[]): string => mark(text, stems).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join("");

  it.each([
    ["Our Kettles boil.", ["kettl", "boil"], "Our [Kettles] [boil]."],
    ["El camión", ["camion"], "El [camión]"],
    ["in an inn", ["in"], "[in] an inn"],
    ["红色水壶两分钟", ["水壶", "壶两"], "红色[水壶两]分钟"],
    ["nothing here", [], "nothing here"],
    ["", ["a"], ""],
  ])("marks %j for %j", (text, stems, expected) => {
    expect(marked(text, stems)).toBe(expected);
  });

  it("never loses a letter", () => {
    const text = "Wörter, 水壶的水壶! «Kettle» kettles.";
    expect(mark(text, ["kettl", "水壶", "worter", "壶的"]).map((piece) => piece.text).join("")).toBe(text);
  });

  it.each([
    [["kettl"], { kettl: 1, water: 3 }, 0.25],
    [["kettl", "other"], { kettl: 2 }, 1],
    [[], { kettl: 2 }, 0],
    [[], {}, null],
  ])("with the words %j of %j shares %s", (words, all, share) => {
    expect(wordShare({ why: { words, vectorPlace: null, cosine: 0, wordsPlace: null, wordsWeight: 9, score: 0 } }, all as Record<string, number>)).toBe(share);
  });

  it("shows no nearness below nothing", () => {
    const why = { words: [], vectorPlace: 1, wordsPlace: null, wordsWeight: 0, score: 0 };
    expect([-0.2, 0.5, 1.2].map((cosine) => nearness({ why: { ...why, cosine } }))).toEqual([0, 0.5, 1]);
  });
});

describe("files on their way", () => {
  const file = (name: string): File => new File(["x"], name);
  const states = (queue: FileQueue<string>): string[] => queue.snapshot().map(({ name, state }) => `${name} ${state}`);

  it("are sent one after the other, and one that fails holds up no other", async () => {
    const arrived: string[] = [];
    const fail = new Set(["b"]);
    const queue = new FileQueue<string>(({ name }) => (fail.has(name) ? Promise.reject(new ApiError("no", "TOO_LARGE", 413)) : Promise.resolve(name)));
    queue.whenArrived((answer) => arrived.push(answer));
    queue.add([file("a"), file("b"), file("c")]);
    expect(states(queue)).toEqual(["a sending", "b waiting", "c waiting"]);
    await vi.waitFor(() => {
      expect(states(queue)).toEqual(["b failed"]);
    });
    expect(arrived).toEqual(["a", "c"]);
    fail.clear();
    queue.retry(queue.snapshot()[0]?.id ?? 0);
    await vi.waitFor(() => {
      expect(arrived).toEqual(["a", "c", "b"]);
    });
    expect(queue.snapshot()).toEqual([]);
  });

  it("tell how far they are, and can be taken back while they wait and while they are sent", async () => {
    const begun: SendOptions[] = [];
    const queue = new FileQueue<string>((_, options) => {
      begun.push(options);
      return new Promise((_done, no) => {
        options.signal.addEventListener("abort", () => { no(new ApiError("given up", "ABORTED")); });
      });
    });
    const heard = vi.fn();
    queue.subscribe(heard);
    queue.add([file("a"), file("b"), file("c")]);
    begun[0]?.onProgress(0.5);
    expect(queue.snapshot()[0]?.part).toBe(0.5);
    expect(heard).toHaveBeenCalled();
    const [a = 0, b = 0] = queue.snapshot().map(({ id }) => id);
    queue.drop(b);
    queue.drop(a);
    await vi.waitFor(() => {
      expect(states(queue)).toEqual(["c sending"]);
    });
    expect(begun).toHaveLength(2);
    expect(begun[0]?.signal.aborted).toBe(true);
  });
});
