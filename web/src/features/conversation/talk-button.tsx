/**
 * The big button. Push-to-talk: hold it (or the space bar); a short tap latches it until the next tap, for those who
 * cannot hold. Hands-free: it turns listening on and off.
 */
import { Mic, MicOff } from "lucide-react";
import { useCallback, useRef, type KeyboardEvent } from "react";
import type { ConversationStateManager } from "./manager";
import type { ConversationState } from "./state";
import { useSpaceBar } from "./use-conversation";
import { useWords } from "./words";

const TAP_MS = 300;

export function TalkButton({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const t = useWords();
  const { press, release } = useTalkGestures(manager);
  useSpaceBar(press, release);
  const handsFree = state.settings.talkMode === "hands_free";
  return (
    <button
      type="button"
      className="talk-button"
      data-on={state.listening}
      aria-pressed={state.listening}
      aria-label={t(`button.${label(handsFree, state.listening)}`)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        press();
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onKeyDown={(event) => {
        if (isPressKey(event) && !event.repeat) press();
        if (isPressKey(event)) event.preventDefault();
      }}
      onKeyUp={(event) => {
        if (isPressKey(event)) release();
      }}
      onClick={(event) => {
        if (event.detail === 0) pressByAssistant(press, release);
      }}
    >
      {handsFree && !state.listening ? <MicOff className="icon" aria-hidden="true" /> : <Mic className="icon" aria-hidden="true" />}
    </button>
  );
}

/** Screen readers and voice control click without a pointer or a key: that is a tap. */
function pressByAssistant(press: () => void, release: () => void): void {
  press();
  release();
}

function isPressKey(event: KeyboardEvent): boolean {
  return event.key === " " || event.key === "Enter";
}

function label(handsFree: boolean, on: boolean): "stopListening" | "startListening" | "finish" | "hold" {
  if (handsFree) return on ? "stopListening" : "startListening";
  return on ? "finish" : "hold";
}

function useTalkGestures(manager: ConversationStateManager): { press: () => void; release: () => void } {
  const gesture = useRef({ down: false, at: 0, latched: false });
  const press = useCallback(() => {
    const held = gesture.current;
    if (held.down) return;
    held.down = true;
    held.at = performance.now();
    if (manager.state.settings.talkMode === "hands_free") void manager.toggleListening();
    else if (!held.latched || !manager.state.listening) {
      held.latched = false;
      void manager.pressTalk();
    }
  }, [manager]);
  const release = useCallback(() => {
    const held = gesture.current;
    if (!held.down) return;
    held.down = false;
    if (manager.state.settings.talkMode === "hands_free") return;
    const tapped = performance.now() - held.at < TAP_MS;
    if (tapped && !held.latched) held.latched = true;
    else {
      held.latched = false;
      void manager.releaseTalk();
    }
  }, [manager]);
  return { press, release };
}
