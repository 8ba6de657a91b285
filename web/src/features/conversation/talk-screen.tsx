/** The one screen: the clone, the talk button, the conversation. */
import { useRef, type ReactNode } from "react";
import { PlusIcon, StopIcon } from "@/ui/icons";
import { Switch } from "@/ui/switch";
import { Composer } from "./composer";
import { Face } from "./face";
import { LatencyPanel } from "./latency-panel";
import { LinkPill } from "./link-pill";
import type { ConversationStateManager } from "./manager";
import { Notices } from "./notices";
import { Options } from "./options";
import type { ConversationState } from "./state";
import { TalkButton } from "./talk-button";
import { Transcript } from "./transcript";
import { useConversation, useLevels } from "./use-conversation";
import { stateLine } from "./words";

interface TalkScreenProps {
  manager: ConversationStateManager;
  /** The choice of clone, where there is one. */
  chooser?: ReactNode;
}

export function TalkScreen({ manager, chooser }: TalkScreenProps) {
  const state = useConversation(manager);
  const root = useRef<HTMLDivElement>(null);
  useLevels(manager, root);
  return (
    <div className="screen" ref={root} onPointerDown={() => { manager.wake(); }}>
      <header className="head">
        <span className="wordmark">Selfsame</span>
        {chooser}
        <LinkPill manager={manager} status={state.link} />
        <button type="button" className="quiet-button" onClick={() => { manager.startOver(); }}>
          <PlusIcon />
          <span>New conversation</span>
        </button>
      </header>
      <div className="side">
        <Stage manager={manager} state={state} />
        <TalkControls manager={manager} state={state} />
      </div>
      <main className="conversation">
        <Notices manager={manager} state={state} />
        <Transcript state={state} />
      </main>
      <div className="dock">
        <Composer cloneName={state.cloneName} onSend={(text) => { manager.sendText(text); }} />
        <div className="panels">
          <Options manager={manager} settings={state.settings} />
          <LatencyPanel state={state} />
        </div>
      </div>
    </div>
  );
}

function Stage({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  return (
    <section className="stage" aria-label={state.cloneName}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={mood(state)} />
      <div className="stage-words">
        <h1>{state.cloneName}</h1>
        <p className="state-line" role="status">
          {stateLine(state)}
        </p>
        <p className="caption" aria-hidden="true">
          {caption(state)}
        </p>
      </div>
    </section>
  );
}

function mood({ talk, listening }: ConversationState): "resting" | "listening" | "thinking" | "speaking" {
  if (talk === "speaking") return "speaking";
  if (talk === "processing") return "thinking";
  return listening || talk === "listening" ? "listening" : "resting";
}

/** The user's words as they are heard. */
function caption(state: ConversationState): string {
  const last = state.turns.at(-1);
  if (last === undefined || last.clone !== null || last.messageId !== null) return "";
  return last.user ?? "";
}

function TalkControls({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const handsFree = state.settings.talkMode === "hands_free";
  const answering = state.talk === "speaking" || state.talk === "processing";
  return (
    <section className="talk" aria-label="Talk">
      <div className="talk-side">
        <Switch
          label="Hands-free"
          on={handsFree}
          onChange={(on) => void manager.setTalkMode(on ? "hands_free" : "push_to_talk")}
        />
      </div>
      <TalkButton manager={manager} state={state} />
      <div className="talk-side">
        <button type="button" className="stop" disabled={!answering} onClick={() => { manager.stopClone(); }}>
          <StopIcon />
          <span>Stop</span>
        </button>
      </div>
      <p className="talk-hint">
        {hint(handsFree, state.listening)}
        {!handsFree && !state.listening && <span className="needs-keyboard">, or hold the space bar</span>}
      </p>
    </section>
  );
}

function hint(handsFree: boolean, listening: boolean): string {
  if (handsFree) return listening ? "Just talk. Press to mute." : "Press to let it listen.";
  return listening ? "Let go when you have finished" : "Hold to talk";
}
