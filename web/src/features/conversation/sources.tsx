/** What an answer rests on: chips that open to the passage itself. */
import { FileText } from "lucide-react";
import type { SourceItem } from "@/wire/generated";
import { useWords } from "./words";

export function Sources({ sources }: { sources: readonly SourceItem[] }) {
  const t = useWords();
  return (
    <ul className="sources" aria-label={t("sources.label")}>
      {sources.map((source, index) => (
        <li key={`${source.id}-${index}`}>
          <Source source={source} />
        </li>
      ))}
    </ul>
  );
}

function Source({ source }: { source: SourceItem }) {
  const t = useWords();
  const link = safeLink(source.url);
  return (
    <details className="source">
      <summary>
        <FileText className="icon" aria-hidden="true" />
        <span className="source-title">{source.title}</span>
        {source.heading !== "" && source.heading !== source.title && <span className="source-heading">{source.heading}</span>}
      </summary>
      {source.excerpt !== "" && <blockquote>{source.excerpt}</blockquote>}
      <p className="source-foot">
        {/^[^#]/.test(source.locator) && <span>{source.locator}</span>}
        {link !== null && (
          <a href={link} target="_blank" rel="noopener noreferrer">
            {t("sources.open")}
          </a>
        )}
      </p>
    </details>
  );
}

/** Only web addresses become links; a `javascript:` address does not. */
export function safeLink(url: string | null | undefined): string | null {
  if (url == null || !URL.canParse(url)) return null;
  return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
}
