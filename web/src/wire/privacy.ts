/**
 * What is kept of whoever asks: GET/DELETE /api/privacy, its export, and their conversations.
 * To be replaced by the generated client once the API's description has these routes.
 */
import { asApiError, errorOf } from "./api-error";
import { authorizedFetch } from "./session";

export interface PrivacySection {
  stored: boolean;
  /** Days; null: until it is deleted; 0: not kept. */
  retentionDays: number | null;
  requiresConsent: boolean;
  deletable: boolean;
  count: number;
  bytes: number;
  /** When the newest of it goes by itself. */
  keptUntil: string | null;
  about: string;
}

export interface ConsentRecord {
  id: string;
  subject: string;
  grantedAt: string;
  revokedAt: string | null;
}

export interface PrivacyOverview {
  sections: Record<string, PrivacySection>;
  consents: ConsentRecord[];
  /** The sentence that an erasure wants. */
  confirmation: string;
}

export interface KeptConversation {
  id: string;
  clone: string;
  cloneName: string;
  startedAt: string;
  endedAt: string | null;
  turns: number;
  /** Of how many turns the words are kept. */
  kept: number;
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  const response = await authorizedFetch(path, init).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  return response;
}

export async function showPrivacy(): Promise<PrivacyOverview> {
  return (await (await ask("/api/privacy")).json()) as PrivacyOverview;
}

/** Everything of the caller as one archive, sealed with a passphrase where one is given. */
export async function exportMe(passphrase: string, signal: AbortSignal): Promise<Blob> {
  const headers = passphrase === "" ? undefined : { "selfsame-passphrase": encodeURIComponent(passphrase) };
  return (await ask("/api/privacy/export", { signal, ...(headers === undefined ? {} : { headers }) })).blob();
}

export async function eraseMe(confirm: string): Promise<void> {
  await ask("/api/privacy", { method: "DELETE", headers: { "content-type": "application/json" }, body: JSON.stringify({ confirm }) });
}

/** Newest first. For older ones ask again with `before` set to the last `startedAt`. */
export async function listConversations(limit: number, before: string | null): Promise<KeptConversation[]> {
  const query = new URLSearchParams({ limit: String(limit), ...(before === null ? {} : { before }) });
  const answer = await ask(`/api/conversations?${query.toString()}`);
  return ((await answer.json()) as { conversations: KeptConversation[] }).conversations;
}

export async function deleteConversation(id: string): Promise<void> {
  await ask(`/api/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });
}
