/** The one store of what the server has told. Only what may pass by itself is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/wire/api-error";

const TRIES = 3;

export function mayRetry(failures: number, error: Error): boolean {
  return failures < TRIES && error instanceof ApiError && error.passing;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: mayRetry, staleTime: 15_000, refetchOnWindowFocus: "always", networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
