/** What was found: first what the clone would be given to answer with, then what it would not, each with the reasons. */
import { MessageCircle } from "lucide-react";
import { ButtonLink } from "@/ui/button";
import type { SearchResult } from "@/wire/api/types.gen";
import { useWords } from "../words";
import { Hit } from "./hit";

export function Results({ clone, result }: { clone: string; result: SearchResult }) {
  const t = useWords();
  const given = result.hits.filter((hit) => hit.given);
  const left = result.hits.filter((hit) => !hit.given);
  return (
    <div className="section" aria-live="polite">
      <div className="section-head">
        <h2>{given.length === 0 ? t("find.nothing") : t("find.given", { count: given.length })}</h2>
        <ButtonLink size="small" icon={MessageCircle} to={`/talk/${encodeURIComponent(clone)}`}>
          {t("find.talk")}
        </ButtonLink>
      </div>
      <p className="know-lead">{t(given.length === 0 ? "find.nothingText" : given[0]?.kind === "correction" ? "find.ownText" : "find.givenText")}</p>
      {result.commonWords.length > 0 && <p className="know-lead">{t("find.common", { words: result.commonWords.join(", ") })}</p>}
      {given.length > 0 && (
        <ol className="hits">
          {given.map((hit, index) => (
            <Hit key={hit.id} hit={hit} words={result.words} first={index === 0} />
          ))}
        </ol>
      )}
      {left.length > 0 && (
        <details className="left-out">
          <summary>
            <h3>{t("find.left", { count: left.length })}</h3>
          </summary>
          <p className="know-lead">{t("find.leftText")}</p>
          <ol className="hits">
            {left.map((hit) => (
              <Hit key={hit.id} hit={hit} words={result.words} first={false} />
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
