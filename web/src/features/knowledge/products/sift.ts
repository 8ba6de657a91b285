/** Which products are shown, and in which order. Pure. */
import type { ProductItem } from "@/wire/api/types.gen";

export const ORDERS = ["file", "name", "cheapest", "dearest", "category"] as const;
export type Order = (typeof ORDERS)[number];

export interface Sift {
  /** Every word of it must be somewhere in the product. */
  words: string;
  /** A document's id, or "" for all. */
  document: string;
  order: Order;
}

/** Lower case, without accents. */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function textOf(product: ProductItem): string {
  const { name, description, sku, category, brand, price, details } = product;
  return plain([name, description, sku, category, brand, price, ...Object.values(details)].filter((part) => part !== null).join(" "));
}

export function sift(products: readonly ProductItem[], { words, document, order }: Sift, language: string): ProductItem[] {
  const wanted = plain(words).split(/\s+/).filter((word) => word !== "");
  const found = products.filter((product) => (document === "" || product.documentId === document) && (wanted.length === 0 || wanted.every((word) => textOf(product).includes(word))));
  const compare = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const byName = (a: ProductItem, b: ProductItem): number => compare.compare(a.name, b.name);
  switch (order) {
    case "file":
      return found;
    case "name":
      return found.sort(byName);
    case "cheapest":
      return found.sort((a, b) => priced(a, Infinity) - priced(b, Infinity) || byName(a, b));
    case "dearest":
      return found.sort((a, b) => priced(b, -Infinity) - priced(a, -Infinity) || byName(a, b));
    case "category":
      return found.sort((a, b) => compare.compare(a.category ?? "\uffff", b.category ?? "\uffff") || byName(a, b));
  }
}

/** Products without a price come last either way. */
function priced({ price }: ProductItem, without: number): number {
  return price ?? without;
}

/** The price as the language writes it; `?` is never shown for a currency that is not known. */
export function priceOf({ price, currency }: Pick<ProductItem, "price" | "currency">, language: string): string {
  if (price === null) return "–";
  if (currency === null) return new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(price);
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency, minimumFractionDigits: Number.isInteger(price) ? 0 : 2 }).format(price);
  } catch {
    return `${new Intl.NumberFormat(language).format(price)} ${currency}`;
  }
}
