/** The clone's documents, looked at again while any of them is being read. The owner's answers have a place of their own. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { listDocumentsOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useGoing, useOutdate } from "./going";
import { isBusy, isOwnAnswer } from "./shapes";

const OFTEN_MS = 1200;

export function useDocuments(clone: string) {
  const query = useQuery({
    ...listDocumentsOptions({ query: { clone } }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.documents.some(isBusy) === true ? OFTEN_MS : false),
  });
  const outdate = useOutdate();
  const read = query.data?.documents.filter((document) => !isBusy(document)).map(({ id, processedAt }) => `${id} ${processedAt ?? ""}`).sort().join();
  const before = useRef(read);
  useEffect(() => {
    if (before.current !== undefined && before.current !== read) void outdate("listProducts", "searchKnowledge", "showDocument");
    before.current = read;
  });
  const going = useGoing();
  return { ...query, documents: query.data?.documents.filter((document) => !going.has(document.id) && !isOwnAnswer(document)) };
}
