/** The step of the path on which the clone is told what it knows. */
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { Page } from "@/ui/page";
import { Tabs, type Tab } from "@/ui/tabs";
import { listUnansweredOptions } from "@/wire/api/@tanstack/react-query.gen";
import { DocumentsTab } from "./documents/documents-tab";
import { FindTab } from "./find/find-tab";
import { useGoing } from "./going";
import "./knowledge.css";
import { ProductsTab } from "./products/products-tab";
import { QuestionsTab } from "./questions/questions-tab";
import { SourcesTab } from "./sources/sources-tab";
import { useWords } from "./words";

const TABS = ["documents", "products", "questions", "find", "sources"] as const;
type Name = (typeof TABS)[number];

export default function KnowledgeStep() {
  const t = useWords();
  const { clone = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const wished = search.get("tab");
  const shown = TABS.find((name) => name === wished) ?? "documents";
  const waiting = useWaiting(clone);
  const tabs: Tab<Name>[] = [
    { value: "documents", label: t("tabs.documents"), content: <DocumentsTab key={clone} clone={clone} /> },
    { value: "products", label: t("tabs.products"), content: <ProductsTab key={clone} clone={clone} /> },
    { value: "questions", label: waiting === 0 ? t("tabs.questions") : t("tabs.questionsWaiting", { count: waiting }), content: <QuestionsTab key={clone} clone={clone} /> },
    { value: "find", label: t("tabs.find"), content: <FindTab key={clone} clone={clone} /> },
    { value: "sources", label: t("tabs.sources"), content: <SourcesTab key={clone} clone={clone} /> },
  ];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs label={t("tabs.label")} tabs={tabs} value={shown} onChange={(tab) => { setSearch({ tab }, { replace: true }); }} />
    </Page>
  );
}

/** How many questions wait for an answer. */
function useWaiting(clone: string): number {
  const going = useGoing();
  const { data } = useQuery(listUnansweredOptions({ path: { slug: clone } }));
  return data?.unanswered.filter(({ id }) => !going.has(id)).length ?? 0;
}
