/** The one screen: the clone, the talk button, the conversation. */
import { Plus, Square } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { Link } from "react-router";
import { Switch } from "@/ui/switch";
import { Composer } from "./composer";
import "./conversation.css";
import { Face } from "./face";
import { LatencyPanel } from "./latency-panel";
import { LinkPill } from "./link-pill";
import type { ConversationStateManager } from "./manager";
import { moodOf } from "./mood";
import { Notices } from "./notices";
import { Options } from "./options";
import type { ConversationState } from "./state";
import { TalkButton } from "./talk-button";
import { Transcript } from "./transcript";
import { useConversation, useLevels } from "./use-conversation";
import { stateLine } from "./wording";
import { useWords } from "./words";

interface TalkScreenProps {
  manager: ConversationStateManager;
  /** The choice of clone, where there is one. */
  chooser?: ReactNode;
  /** The way to the rest of the app. */
  menu?: ReactNode;
}

export function TalkScreen({ manager, chooser, menu }: TalkScreenProps) {
  const t = useWords();
  const state = useConversation(manager);
  const root = useRef<HTMLDivElement>(null);
  useLevels(manager, root);
  return (
    <div className="screen" ref={root} onPointerDown={() => { manager.wake(); }}>
      <header className="head">
        <Link className="wordmark" to="/">
          {"Selfsame"}
        </Link>
        {chooser}
        <LinkPill manager={manager} status={state.link} />
        <button type="button" className="quiet-button" onClick={() => { manager.startOver(); }}>
          <Plus className="icon" aria-hidden="true" />
          <span>{t("newConversation")}</span>
        </button>
        {menu}
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
  const t = useWords();
  return (
    <section className="stage" aria-label={state.cloneName}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={moodOf(state)} />
      <div className="stage-words">
        <h1>{state.cloneName}</h1>
        <p className="state-line" role="status">
          {t(stateLine(state))}
        </p>
        <p className="caption" aria-hidden="true">
          {caption(state)}
        </p>
      </div>
    </section>
  );
}

/** The user's words as they are heard. */
function caption(state: ConversationState): string {
  const last = state.turns.at(-1);
  if (last === undefined || last.clone !== null || last.messageId !== null) return "";
  return last.user ?? "";
}

function TalkControls({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const t = useWords();
  const handsFree = state.settings.talkMode === "hands_free";
  const answering = state.talk === "speaking" || state.talk === "processing";
  return (
    <section className="talk" aria-label={t("talk")}>
      <div className="talk-side">
        <Switch
          label={t("button.handsFree")}
          on={handsFree}
          onChange={(on) => void manager.setTalkMode(on ? "hands_free" : "push_to_talk")}
        />
      </div>
      <TalkButton manager={manager} state={state} />
      <div className="talk-side">
        <button type="button" className="stop" disabled={!answering} onClick={() => { manager.stopClone(); }}>
          <Square className="icon icon-solid" aria-hidden="true" />
          <span>{t("button.stop")}</span>
        </button>
      </div>
      <p className="talk-hint">
        {t(`hint.${hint(handsFree, state.listening)}`)}
        {!handsFree && !state.listening && <span className="needs-keyboard">{t("hint.spaceBar")}</span>}
      </p>
    </section>
  );
}

function hint(handsFree: boolean, listening: boolean): "justTalk" | "pressToListen" | "letGo" | "hold" {
  if (handsFree) return listening ? "justTalk" : "pressToListen";
  return listening ? "letGo" : "hold";
}
