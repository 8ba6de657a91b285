/**
 * Follows long work until it is done: a job by its id, or anything that is being made with `useWatch(showVoiceOptions({
 * path }), (voice) => voice.status !== "training")`. Asks often at first and less often later, not while the page is
 * hidden, and stops when the work is done or refused.
 */
import { useQuery, type QueryKey, type UseQueryOptions, type UseQueryResult } from "@tanstack/react-query";
import { showJobOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { JobItem } from "@/wire/api/types.gen";
import type { ApiError } from "@/wire/api-error";

const FIRST_MS = 1000;
const LONGEST_MS = 8000;

/** How long to wait after so many answers. Pure. */
export function pollAfter(answers: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 1.4 ** Math.max(0, answers - 1));
}

export function useJob(id: string): UseQueryResult<JobItem, ApiError> {
  return useWatch(showJobOptions({ path: { job_id: id } }), ({ status }) => status !== "pending" && status !== "running");
}

export function useWatch<T, K extends QueryKey>(options: UseQueryOptions<T, ApiError, T, K>, isDone: (data: T) => boolean): UseQueryResult<T, ApiError> {
  return useQuery({
    ...options,
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (state.data !== undefined && isDone(state.data)) return false;
      if (state.error !== null && !state.error.passing) return false;
      return pollAfter(state.dataUpdateCount + state.errorUpdateCount);
    },
  });
}
