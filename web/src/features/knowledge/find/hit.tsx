/** A passage that was found: its words, where it stands, and why it was found. */
import { Badge } from "@/ui/badge";
import { useFormat } from "@/ui/i18n/format";
import { Meter } from "@/ui/progress";
import type { SearchHit, SearchResult } from "@/wire/api/types.gen";
import { usePlaceWords } from "../place-words";
import { useWords } from "../words";
import { mark, nearness, wordShare } from "./judge";

interface HitProps {
  hit: SearchHit;
  words: SearchResult["words"];
  /** The answer rests on it most likely. */
  first: boolean;
}

export function Hit({ hit, words, first }: HitProps) {
  const t = useWords();
  const place = usePlaceWords();
  const { kind, title, heading, locator, url, question, text, given, why } = hit;
  const where = [title, heading === title ? "" : heading, place(locator)].filter((part) => part !== "" && part !== question).join(" · ");
  return (
    <li className="hit" data-given={given}>
      <div className="hit-head">
        <Badge tone={kind === "correction" ? "good" : "calm"}>{t(`find.kind.${kind}`)}</Badge>
        {first && <Badge tone="good">{t("find.first")}</Badge>}
        {url === null ? (
          <span className="hit-where">{where}</span>
        ) : (
          <a className="hit-where" href={url} target="_blank" rel="noreferrer">
            {where}
          </a>
        )}
      </div>
      {question !== null && (
        <p className="doc-name">
          <Marked text={question} stems={why.words} />
        </p>
      )}
      <p className="hit-text">
        <Marked text={text} stems={why.words} />
      </p>
      <Why hit={hit} words={words} />
    </li>
  );
}

function Marked({ text, stems }: { text: string; stems: readonly string[] }) {
  return mark(text, stems).map((piece, index) => (piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>));
}

function Why({ hit, words }: Pick<HitProps, "hit" | "words">) {
  const t = useWords();
  const format = useFormat();
  const { why, given } = hit;
  const near = nearness(hit);
  const share = wordShare(hit, words);
  const tone = given ? "good" : "warn";
  return (
    <div className="why">
      <div className="why-bars">
        <Meter label={t("find.meaning")} value={near} text={format.percent(near)} tone={tone} />
        {share !== null && <Meter label={t("find.words")} value={share} text={format.percent(share)} tone={tone} />}
      </div>
      <p className="product-detail">
        {[
          why.vectorPlace === null ? t("find.notNear") : t("find.near", { place: format.number(why.vectorPlace) }),
          why.wordsPlace === null ? t("find.notWorded") : t("find.worded", { place: format.number(why.wordsPlace) }),
        ].join(" ")}
      </p>
    </div>
  );
}
