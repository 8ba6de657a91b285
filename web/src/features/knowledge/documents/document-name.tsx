/** What a document is called, and what there is to know about it. */
import { BookOpen, Captions, FileQuestion, FileText, Globe, Mail, MessageCircleQuestion, Presentation, Sparkles, Table2, Tags, type LucideIcon } from "lucide-react";
import type { DocumentItem } from "@/wire/api/types.gen";
import { isBusy, shapeOf, type Shape } from "../shapes";
import { useWords } from "../words";
import { useAdvice } from "./document-state";

const ICONS: Record<Shape, LucideIcon> = {
  pdf: FileText,
  word: FileText,
  slides: Presentation,
  sheet: Table2,
  web: Globe,
  text: FileText,
  book: BookOpen,
  mail: Mail,
  subtitles: Captions,
  data: Table2,
  pairs: MessageCircleQuestion,
  products: Tags,
  builtIn: Sparkles,
  file: FileQuestion,
};

export function DocumentName({ document, onOpen }: { document: DocumentItem; onOpen: () => void }) {
  const t = useWords();
  const advice = useAdvice();
  const { title, filename, errorMessage, errorCode, notes, status } = document;
  const Icon = ICONS[shapeOf(document)];
  const name = nameOf(document, t("pairsPrefix"));
  return (
    <div className="doc">
      <Icon className="icon" aria-hidden="true" />
      <div>
        {status === "completed" ? (
          <button type="button" className="doc-name doc-open" onClick={onOpen}>
            {name}
          </button>
        ) : (
          <p className="doc-name">{name}</p>
        )}
        {title !== filename && document.kind !== "pairs" && document.kind !== "built-in" && <p className="doc-file">{filename}</p>}
        {errorMessage !== null && !isBusy(document) && <p className={errorCode === "CANCELLED" ? "doc-file" : "doc-error"}>{advice(errorMessage, errorCode)}</p>}
        {notes.map((note) => (
          <p key={note} className="doc-note">
            {advice(note)}
          </p>
        ))}
      </div>
    </div>
  );
}

/** Questions without a name of their own are called after the first one, with a mark that is no word. */
export function nameOf({ kind, title, filename }: Pick<DocumentItem, "kind" | "title" | "filename">, prefix: string): string {
  if (kind !== "pairs") return title === "" ? filename : title;
  return filename.startsWith("FAQ: ") ? `${prefix} ${filename.slice(5)}` : filename;
}
