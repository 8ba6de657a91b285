/** Asks for a session and opens the line to a clone. */
import { ConversationStateManager } from "@/features/conversation/manager";
import { keptCaptions, keptSensitivity } from "@/features/conversation/preferences";
import { DEFAULT_SETTINGS } from "@/features/conversation/state";
import type { FaceSample } from "@/media/face/samples";
import { WakeWatch } from "@/media/wake";
import { asApiError, type ApiError } from "@/wire/api-error";
import { loadText, requestSession, socketUrl } from "@/wire/session";
import { keepConversation, keptConversation } from "./kept-conversation";

/** A conversation that is open, or why there is none. */
export type Meeting = { manager: ConversationStateManager; slug: string; leave: () => void } | { refusal: ApiError | "no-socket" };

export async function meet(slug: string | null): Promise<Meeting> {
  if (typeof WebSocket === "undefined") return { refusal: "no-socket" };
  try {
    const grant = await requestSession(slug);
    const kept = keptConversation(grant.clone.slug);
    const manager = new ConversationStateManager({
      clone: grant.clone,
      token: grant.token,
      url: socketUrl(grant, import.meta.env.VITE_WS_URL as string | undefined, location.href),
      renewToken: async () => (await requestSession(grant.clone.slug)).token,
      settings: { ...DEFAULT_SETTINGS, sensitivity: keptSensitivity() ?? DEFAULT_SETTINGS.sensitivity, captions: keptCaptions() },
      load: loadText,
      measured: measured(),
      ...(kept === null ? {} : { resume: { sessionId: kept.sessionId, lastEvent: 0 } }),
    });
    const leave = follow(manager, grant.clone.slug);
    if (measured()) measure(manager);
    manager.connect();
    return { manager, slug: grant.clone.slug, leave };
  } catch (error) {
    console.error("no session", error);
    return { refusal: asApiError(error) };
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

/**
 * A reload, or coming back, goes on with the conversation (and is told all of it again). Line and sound are looked after
 * when the page comes back to the front, the network changes or the machine has slept. Returns how to leave.
 */
function follow(manager: ConversationStateManager, slug: string): () => void {
  const keep = (): void => {
    const resume = manager.resumable;
    keepConversation(resume === null ? null : { clone: slug, sessionId: resume.sessionId });
  };
  const until = new AbortController();
  const { signal } = until;
  window.addEventListener("pagehide", keep, { signal });
  window.addEventListener("online", () => { manager.retryNow(); }, { signal });
  window.addEventListener("offline", () => { manager.check(); }, { signal });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") manager.check(); }, { signal });
  const sleep = new WakeWatch(() => { manager.check(); });
  sleep.start();
  return () => {
    keep();
    sleep.stop();
    until.abort();
    manager.disconnect();
  };
}
