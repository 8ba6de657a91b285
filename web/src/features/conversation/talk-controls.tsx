/** Talking: the big button, hands-free, stop. */
import { Square } from "lucide-react";
import { Switch } from "@/ui/switch";
import type { ConversationStateManager } from "./manager";
import type { ConversationState } from "./state";
import { TalkButton } from "./talk-button";
import { useWords } from "./words";

export function TalkControls({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
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
