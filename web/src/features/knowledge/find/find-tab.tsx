/** A question in, and what the clone would find for it, and why. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search, SearchX } from "lucide-react";
import { useId, useState, type SyntheticEvent } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { searchKnowledgeOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "../words";
import { Filters, type Within } from "./filters";
import { Results } from "./results";

const LONGEST = 1000;

export function FindTab({ clone }: { clone: string }) {
  const t = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [within, setWithin] = useState<Within>({ kinds: [], document: "" });
  const query = { q: asked, kind: within.kinds, ...(within.document === "" ? {} : { document: [within.document] }) };
  const found = useQuery({ ...searchKnowledgeOptions({ path: { slug: clone }, query }), enabled: asked !== "", staleTime: 0, placeholderData: keepPreviousData });
  const ask = (event: SyntheticEvent): void => {
    event.preventDefault();
    const question = text.trim();
    if (question === asked && asked !== "") void found.refetch();
    setAsked(question);
  };
  return (
    <div className="know">
      <form className="find" role="search" onSubmit={ask}>
        <label htmlFor={id}>{t("find.label")}</label>
        <p className="field-hint" id={`${id}-hint`}>
          {t("find.hint")}
        </p>
        <div className="find-row">
          <input id={id} className="input" type="search" enterKeyHint="search" maxLength={LONGEST} aria-describedby={`${id}-hint`} value={text} onChange={(event) => { setText(event.target.value); }} />
          <Button type="submit" look="primary" icon={Search} busy={found.isFetching}>
            {t("find.ask")}
          </Button>
        </div>
      </form>
      <Filters clone={clone} within={within} onChange={setWithin} />
      {asked === "" ? (
        <EmptyState icon={SearchX} title={t("find.emptyTitle")} text={t("find.emptyText")} />
      ) : found.isError ? (
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton lines={6} />
      ) : (
        <Results clone={clone} result={found.data} />
      )}
    </div>
  );
}
