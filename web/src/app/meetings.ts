/** The conversations that are open on this page. Home and the talk page share them, so that going from one to the other breaks nothing. */
import { useEffect } from "react";
import type { ConversationStateManager } from "@/features/conversation/manager";
import { onReach, reach } from "@/wire/reach";
import { meet, type Meeting } from "./meet";
import { noteTalk } from "./talking";

/** Pages change in less; after this long without a page that shows it, a conversation is left. */
const GRACE_MS = 4000;

interface Held {
  meeting: Promise<Meeting>;
  holders: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** The server did not answer. */
  unreached: boolean;
}

const open = new Map<string | null, Held>();
/** Whom one meets when nobody was chosen; null until it is known. */
let byDefault: string | null = null;

// What failed for want of a server is forgotten when there is one again: whoever asks then meets anew.
onReach(() => {
  if (reach() !== "fine") return;
  for (const [key, held] of open) if (held.unreached) open.delete(key);
});

function keyOf(slug: string | null): string | null {
  return slug === byDefault ? null : slug;
}

/** The conversation with that clone (null: with whom one meets by default), opened when there is none. */
export function meetingWith(slug: string | null): Promise<Meeting> {
  const key = keyOf(slug);
  const held = open.get(key);
  if (held !== undefined) return held.meeting;
  const meeting = meet(slug);
  const fresh: Held = { meeting, holders: 0, timer: undefined, unreached: false };
  open.set(key, fresh);
  void meeting.then((met) => {
    if (slug === null && "manager" in met) byDefault = met.slug;
    if ("manager" in met) watch(met.manager);
    else fresh.unreached = met.refusal !== "no-socket" && (met.refusal.code === "UNREACHABLE" || met.refusal.code === "TIMEOUT");
    if (fresh.holders === 0) expire(fresh);
  });
  return meeting;
}

/** Asks anew after a refusal. */
export function meetAgain(slug: string | null): Promise<Meeting> {
  const held = open.get(keyOf(slug));
  if (held !== undefined) leave(held);
  return meetingWith(slug);
}

/** Keeps the conversation open as long as the component is shown. */
export function useHold(meeting: Promise<Meeting>): void {
  useEffect(() => {
    const held = [...open.values()].find((one) => one.meeting === meeting);
    if (held === undefined) return;
    held.holders += 1;
    clearTimeout(held.timer);
    return () => {
      held.holders -= 1;
      if (held.holders === 0) expire(held);
    };
  }, [meeting]);
}

function expire(held: Held): void {
  clearTimeout(held.timer);
  held.timer = setTimeout(() => {
    if (held.holders === 0) leave(held);
  }, GRACE_MS);
}

function leave(held: Held): void {
  for (const [key, one] of open) if (one === held) open.delete(key);
  void held.meeting.then((met) => {
    if (!("manager" in met)) return;
    met.leave();
    noteTalk(met.manager, false);
  });
}

/** In the midst of a talk: the clone thinks or speaks, or it listens. */
function watch(manager: ConversationStateManager): void {
  manager.subscribe(() => {
    const { talk, listening } = manager.state;
    noteTalk(manager, listening || talk === "processing" || talk === "speaking");
  });
}
