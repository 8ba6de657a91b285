/** What an answer rests on: chips that open the passage in its document. */
import { FileText } from "lucide-react";
import type { SourceItem } from "@/wire/generated";
import { useWords } from "./words";

/** A passage that somebody wants to see, and the turn whose answer rests on it. */
export interface AskedSource {
  turnId: number | null;
  source: SourceItem;
}

interface SourcesProps {
  turnId: number | null;
  sources: readonly SourceItem[];
  onSource: (asked: AskedSource) => void;
}

export function Sources({ turnId, sources, onSource }: SourcesProps) {
  const t = useWords();
  return (
    <ul className="sources" aria-label={t("sources.label")}>
      {sources.map((source, index) => (
        <li key={`${source.id}-${index}`}>
          <button type="button" className="source" aria-haspopup="dialog" onClick={() => { onSource({ turnId, source }); }}>
            <FileText className="icon" aria-hidden="true" />
            <span className="source-title">{source.title}</span>
            {source.heading !== "" && source.heading !== source.title && <span className="source-heading">{source.heading}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Only web addresses become links; a `javascript:` address does not. */
export function safeLink(url: string | null | undefined): string | null {
  if (url == null || !URL.canParse(url)) return null;
  return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
}
