/** Asks for a session and opens the line to a clone. */
import { ConversationStateManager } from "@/features/conversation/manager";
import { keptSensitivity } from "@/features/conversation/preferences";
import { DEFAULT_SETTINGS } from "@/features/conversation/state";
import type { FaceSample } from "@/media/face/samples";
import {
  ApiError,
  keepConversation,
  keptConversation,
  listClones,
  loadText,
  requestSession,
  socketUrl,
  type CloneSummary,
} from "./session";

/** A conversation that is open, or why there is none, in words for the user. */
export type Meeting = { manager: ConversationStateManager; slug: string; clones: CloneSummary[] } | { refusal: string };

/** `?clone=name` in the address chooses whom one meets. */
export function chosenClone(): string | null {
  return new URLSearchParams(location.search).get("clone");
}

export async function meet(slug: string | null): Promise<Meeting> {
  if (typeof WebSocket === "undefined") {
    return { refusal: "This browser has no WebSocket, so it cannot hold a conversation. Chrome 120 or newer can." };
  }
  try {
    const grant = await requestSession(slug);
    const clones = await listClones(grant.token).catch(() => []);
    const kept = keptConversation(grant.clone.slug);
    const manager = new ConversationStateManager({
      clone: grant.clone,
      token: grant.token,
      url: socketUrl(grant, import.meta.env.VITE_WS_URL as string | undefined, location.href),
      renewToken: async () => (await requestSession(grant.clone.slug)).token,
      settings: { ...DEFAULT_SETTINGS, sensitivity: keptSensitivity() ?? DEFAULT_SETTINGS.sensitivity },
      load: (url, signal) => loadText(url, grant.token, signal),
      measured: measured(),
      ...(kept === null ? {} : { resume: { sessionId: kept.sessionId, lastEvent: 0 } }),
    });
    rememberOnLeave(manager, grant.clone.slug);
    if (measured()) measure(manager);
    manager.connect();
    return { manager, slug: grant.clone.slug, clones };
  } catch (error) {
    console.error("no session", error);
    return { refusal: error instanceof ApiError ? error.message : "The conversation could not be started." };
  }
}

/** With `?measure` the page tells what its face shows when (docs/wire.md). */
function measured(): boolean {
  return new URLSearchParams(location.search).has("measure");
}

declare global {
  interface Window {
    selfsameFaceSamples?: () => FaceSample[];
    selfsameFace?: { pose(numbers: Record<string, number> | null): void };
  }
}

function measure({ face }: ConversationStateManager): void {
  window.selfsameFaceSamples = () => face.sampled();
  window.selfsameFace = {
    pose: (numbers) => {
      face.pose(numbers);
    },
  };
}

/** A reload goes on with the conversation (and is told all of it again); sound is woken again when the page comes back to the front. */
function rememberOnLeave(manager: ConversationStateManager, slug: string): void {
  window.addEventListener("pagehide", () => {
    const resume = manager.resumable;
    keepConversation(resume === null ? null : { clone: slug, sessionId: resume.sessionId });
  });
  window.addEventListener("online", () => {
    manager.retryNow();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") manager.wake();
  });
}
