/** The passage an answer rests on, marked in its document. Visitors are given the passage alone; the owner what stands around it. */
import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { useFileUrl } from "@/ui/use-file-url";
import { showSourceOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { SourcePassage, SourcePicture } from "@/wire/api/types.gen";
import { safeLink, type AskedSource } from "./sources";
import "./source-panel.css";
import { useWords } from "./words";

interface SourcePanelProps {
  sessionId: string | null;
  asked: AskedSource;
  onClose: () => void;
}

export function SourcePanel({ sessionId, asked, onClose }: SourcePanelProps) {
  const t = useWords();
  const { source, turnId } = asked;
  const link = safeLink(source.url);
  const places = [source.heading === source.title ? "" : source.heading, source.locator].filter((part) => part !== "" && !part.startsWith("#"));
  return (
    <Dialog open onClose={onClose} title={source.title} size="wide">
      <div className="source-panel">
        {places.length > 0 && <p className="source-place">{places.join(" · ")}</p>}
        {sessionId === null || turnId === null ? <Excerpt text={source.excerpt} /> : <Passage sessionId={sessionId} turnId={turnId} asked={asked} />}
        {link !== null && (
          <a className="source-link" href={link} target="_blank" rel="noopener noreferrer">
            <ExternalLink className="icon" aria-hidden="true" />
            {t("sources.open")}
          </a>
        )}
      </div>
    </Dialog>
  );
}

function Passage({ sessionId, turnId, asked }: { sessionId: string; turnId: number; asked: AskedSource }) {
  const t = useWords();
  const path = { session_id: sessionId, turn_id: turnId, source_id: asked.source.id };
  const { data, error, refetch } = useQuery({ ...showSourceOptions({ path }), staleTime: Infinity });
  if (data !== undefined) return <Document passage={data} />;
  if (error === null) return <Skeleton lines={5} />;
  return (
    <>
      {error.status === 404 ? <p className="source-note">{t("sources.gone")}</p> : <ErrorNote error={error} title={t("sources.failed")} retry={() => void refetch()} />}
      <Excerpt text={asked.source.excerpt} />
    </>
  );
}

function Document({ passage: { before, passage, after, pictures } }: { passage: SourcePassage }) {
  const t = useWords();
  const mark = useRef<HTMLElement>(null);
  const alone = before === "" && after === "";
  useEffect(() => {
    if (!alone) mark.current?.scrollIntoView({ block: "center" });
  }, [alone]);
  return (
    <>
      {pictures.length > 0 && <Pictures pictures={pictures} />}
      <div className="source-text" role="region" aria-label={t("sources.passage")} tabIndex={0}>
        {before !== "" && <span>{before}</span>}
        <mark ref={mark}>{passage}</mark>
        {after !== "" && <span>{after}</span>}
      </div>
      {alone && <p className="source-note">{t("sources.alone")}</p>}
    </>
  );
}

/** What the product that the passage speaks of looks like: the main picture, and small ones of the others to choose from. */
function Pictures({ pictures }: { pictures: readonly SourcePicture[] }) {
  const t = useWords();
  const [chosen, setChosen] = useState(0);
  const { url, failed } = useFileUrl(pictures[chosen]?.url);
  if (failed && pictures.length === 1) return null;
  return (
    <div className="source-pictures">
      <div className="source-picture">{url !== null && <img src={url} alt={t("sources.picture", { number: chosen + 1 })} />}</div>
      {pictures.length > 1 && (
        <div className="source-choices" role="group" aria-label={t("sources.pictures")}>
          {pictures.map(({ thumbnailUrl }, place) => (
            <Choice key={thumbnailUrl} address={thumbnailUrl} label={t("sources.picture", { number: place + 1 })} chosen={place === chosen} onChoose={() => { setChosen(place); }} />
          ))}
        </div>
      )}
    </div>
  );
}

function Choice({ address, label, chosen, onChoose }: { address: string; label: string; chosen: boolean; onChoose: () => void }) {
  const { url } = useFileUrl(address);
  return (
    <button type="button" aria-label={label} aria-pressed={chosen} onClick={onChoose}>
      {url !== null && <img src={url} alt="" />}
    </button>
  );
}

function Excerpt({ text }: { text: string }) {
  return text === "" ? null : (
    <blockquote className="source-text">
      <mark>{text}</mark>
    </blockquote>
  );
}
