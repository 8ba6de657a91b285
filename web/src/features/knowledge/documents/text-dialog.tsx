/** A document as the clone understood it: its text, and the passages it is looked up by. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { showDocumentOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { DocumentItem, ReadDocument } from "@/wire/api/types.gen";
import { usePlaceWords } from "../place-words";
import { useWords } from "../words";
import { nameOf } from "./document-name";

const LETTERS_AT_ONCE = 20_000;
const PASSAGES_AT_ONCE = 40;

export function TextDialog({ document, onClose }: { document: DocumentItem | null; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={document !== null} onClose={onClose} size="wide" title={document === null ? "" : nameOf(document, t("pairsPrefix"))}>
      {document !== null && <Loaded id={document.id} />}
    </Dialog>
  );
}

function Loaded({ id }: { id: string }) {
  const t = useWords();
  const format = useFormat();
  const [view, setView] = useState<"text" | "passages">("text");
  const read = useQuery(showDocumentOptions({ path: { document_id: id } }));
  if (read.isPending) return <Skeleton lines={8} />;
  if (read.isError) return <ErrorNote error={read.error} retry={() => void read.refetch()} />;
  const { textContent, chunks, uploadedAt, sourceUrl } = read.data;
  return (
    <div className="doc-text">
      <p className="doc-file">
        {t("text.facts", { letters: format.number(textContent.length), passages: format.number(chunks.length) })}
        {uploadedAt !== null && ` · ${t("text.added", { date: format.dateTime(uploadedAt) })}`}
      </p>
      {sourceUrl !== null && (
        <p className="doc-file">
          <a href={sourceUrl} target="_blank" rel="noreferrer">
            {sourceUrl}
          </a>
        </p>
      )}
      <Choice
        label={t("text.view")}
        value={view}
        onChange={setView}
        options={[
          { value: "text", label: t("text.whole") },
          { value: "passages", label: t("text.passages") },
        ]}
      />
      {view === "text" ? <WholeText text={textContent} /> : <Passages chunks={chunks} />}
    </div>
  );
}

function WholeText({ text }: { text: string }) {
  const t = useWords();
  const [shown, setShown] = useState(LETTERS_AT_ONCE);
  return (
    <>
      <div className="doc-letters">{text.slice(0, shown)}</div>
      {shown < text.length && (
        <Button onClick={() => { setShown(shown + LETTERS_AT_ONCE); }}>{t("text.more")}</Button>
      )}
    </>
  );
}

function Passages({ chunks }: Pick<ReadDocument, "chunks">) {
  const t = useWords();
  const place = usePlaceWords();
  const [shown, setShown] = useState(PASSAGES_AT_ONCE);
  return (
    <>
      <ol className="passages">
        {chunks.slice(0, shown).map(({ id, content, metadata }) => (
          <li key={id}>
            <p className="doc-file">{[metadata.heading, place(metadata.page ?? "")].filter((part) => part !== undefined && part !== "").join(" · ")}</p>
            {metadata.question !== undefined && <p className="doc-name">{metadata.question}</p>}
            <p className="doc-letters">{content}</p>
          </li>
        ))}
      </ol>
      {shown < chunks.length && (
        <Button onClick={() => { setShown(shown + PASSAGES_AT_ONCE); }}>{t("text.morePassages")}</Button>
      )}
    </>
  );
}
