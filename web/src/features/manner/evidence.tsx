/** Where something that was learnt comes from: how often it was said, and the sentences it stood in. */
import type { Evidence as Item } from "@/wire/api";
import { useWords } from "./words";

const MOST = 8;

export function Evidence({ items }: { items: readonly Item[] }) {
  const t = useWords();
  if (items.length === 0) return null;
  return (
    <details className="manner-evidence">
      <summary>{t("evidence.open")}</summary>
      <ul>
        {items.slice(0, MOST).map((item) => (
          <li key={item.what}>
            <p>
              <strong>{item.what}</strong>
              <span className="manner-quiet">{` ${item.by === "reading" ? t("evidence.read") : t("evidence.times", { count: item.count })}`}</span>
            </p>
            {item.quotes.map((quote) => (
              <blockquote key={quote}>{quote}</blockquote>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}
