/** What the server knows about a clone's path, kept fresh while work is under way. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import type { JobItem } from "@/wire/api";
import {
  listConsentsOptions,
  listDocumentsQueryKey,
  listFacesOptions,
  listFacesQueryKey,
  listJobsOptions,
  listOwnClonesQueryKey,
  listVoicesOptions,
  listVoicesQueryKey,
  showCloneOptions,
  showCloneQueryKey,
  showPersonaOptions,
  showPersonaQueryKey,
} from "@/wire/api/@tanstack/react-query.gen";
import { unfinished } from "./jobs";
import { pathOf, type Facts, type PathState } from "./steps";

const BUSY_MS = 2000;
const CALM_MS = 12_000;

/** The clone's jobs, asked for often while one is unfinished. What a finished one has changed is asked for anew. */
export function useJobsOf(slug: string): readonly JobItem[] {
  const queries = useQueryClient();
  const { data } = useQuery({
    ...listJobsOptions({ query: { clone: slug } }),
    refetchInterval: ({ state }) => (state.data !== undefined && unfinished(state.data.jobs).length > 0 ? BUSY_MS : CALM_MS),
  });
  const jobs = useMemo(() => data?.jobs ?? [], [data]);
  const before = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = new Set(unfinished(jobs).map(({ id }) => id));
    if ([...before.current].some((id) => !now.has(id))) {
      const keys = [listFacesQueryKey(), listVoicesQueryKey(), listOwnClonesQueryKey(), showCloneQueryKey({ path: { slug } }), showPersonaQueryKey({ query: { clone: slug } }), listDocumentsQueryKey({ query: { clone: slug } })];
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    }
    before.current = now;
  }, [jobs, queries, slug]);
  return jobs;
}

export interface PathFacts {
  facts: Facts | null;
  path: PathState | null;
  jobs: readonly JobItem[];
  /** All that decides where to go on has come. */
  whole: boolean;
  error: Error | null;
  again: () => void;
}

export function useFacts(slug: string): PathFacts {
  const clone = useQuery(showCloneOptions({ path: { slug } }));
  const consents = useQuery(listConsentsOptions());
  const faces = useQuery(listFacesOptions());
  const voices = useQuery(listVoicesOptions());
  const persona = useQuery(showPersonaOptions({ query: { clone: slug } }));
  const jobs = useJobsOf(slug);
  const facts: Facts | null =
    clone.data === undefined
      ? null
      : { clone: clone.data, consents: consents.data?.consents, faces: faces.data?.faceModels, voices: voices.data?.voiceModels, persona: persona.data, jobs };
  return {
    facts,
    path: facts === null ? null : pathOf(facts),
    jobs,
    whole: facts !== null && ![consents, faces, voices, persona].some(({ isPending }) => isPending),
    error: clone.data === undefined ? clone.error : null,
    again: () => void clone.refetch(),
  };
}
