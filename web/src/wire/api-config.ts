/** How the generated client asks: with the session's token, and every failure is an ApiError. */
import { asApiError, errorOf } from "./api-error";
import { authorizedFetch } from "./session";

async function checkedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await authorizedFetch(input, init).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  return response;
}

export function createClientConfig<T extends object>(config: T): T & { baseUrl: string; fetch: typeof checkedFetch } {
  return { ...config, baseUrl: globalThis.location.origin, fetch: checkedFetch };
}
