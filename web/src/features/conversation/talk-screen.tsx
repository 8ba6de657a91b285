/** The one screen: the clone, the talk button, the conversation. */
import { Plus } from "lucide-react";
import { lazy, Suspense, useRef, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useTitle } from "@/ui/page";
import { Composer } from "./composer";
import "./conversation.css";
import { ConversationMenu } from "./conversation-menu";
import { LatencyPanel } from "./latency-panel";
import { LinkPill } from "./link-pill";
import type { ConversationStateManager } from "./manager";
import { EngineHints, Notices } from "./notices";
import { Options } from "./options";
import { SoundSheet } from "./sound-sheet";
import type { AskedSource } from "./sources";
import { Stage, type View } from "./stage";
import type { Turn } from "./state";
import { TalkControls } from "./talk-controls";
import { Transcript } from "./transcript";
import { useConversation, useLevels, useShort } from "./use-conversation";
import "./view.css";
import { useWords } from "./words";

const SourcePanel = lazy(() => import("./source-panel").then(({ SourcePanel: panel }) => ({ default: panel })));
const ReportDialog = lazy(() => import("./report-dialog").then(({ ReportDialog: dialog }) => ({ default: dialog })));
const RatingDialog = lazy(() => import("./rating-dialog").then(({ RatingDialog: dialog }) => ({ default: dialog })));

interface TalkScreenProps {
  manager: ConversationStateManager;
  /** The choice of clone, where there is one. */
  chooser?: ReactNode;
  /** The way to the rest of the app. */
  menu?: ReactNode;
}

/** What lies over the screen, if anything. */
type Over = { kind: "source"; asked: AskedSource } | { kind: "report"; turn: Turn } | { kind: "rating" };

export function TalkScreen({ manager, chooser, menu }: TalkScreenProps) {
  const t = useWords();
  const state = useConversation(manager);
  const root = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<Over | null>(null);
  const canReport = state.turns.some((turn) => turn.reply === "done");
  const view = useView(state.settings.captions);
  useLevels(manager, root);
  useTitle(state.listening ? t("title", { name: state.cloneName }) : state.cloneName);
  return (
    <div className="screen" data-view={view.shown} ref={root} onPointerDown={() => { manager.wake(); }}>
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
        <ConversationMenu state={state} onRate={canReport ? () => { setOver({ kind: "rating" }); } : null} />
        {menu}
      </header>
      <div className="side">
        <Stage manager={manager} state={state} view={view} />
        <TalkControls manager={manager} state={state} />
      </div>
      <main className="conversation">
        <Notices manager={manager} state={state} />
        <Transcript
          state={state}
          away={view.shown === "face"}
          onWanted={view.change}
          onRemember={(on) => { manager.setKeepTranscripts(on); }}
          onSource={(asked) => { setOver({ kind: "source", asked }); }}
          onReport={canReport ? (turn) => { setOver({ kind: "report", turn }); } : null}
        />
        <EngineHints engines={state.engines} />
      </main>
      <div className="dock">
        <Composer cloneName={state.cloneName} onSend={(text) => { manager.sendText(text); }} />
        <div className="panels">
          <Options manager={manager} settings={state.settings} />
          <SoundSheet manager={manager} settings={state.settings} />
          <LatencyPanel state={state} />
        </div>
      </div>
      <Suspense fallback={null}>
        {over?.kind === "source" && <SourcePanel sessionId={manager.sessionId} asked={over.asked} onClose={() => { setOver(null); }} />}
        {over?.kind === "report" && <ReportDialog sessionId={manager.sessionId} turn={over.turn} onClose={() => { setOver(null); }} />}
        {over?.kind === "rating" && <RatingDialog sessionId={manager.sessionId} cloneName={state.cloneName} onClose={() => { setOver(null); }} />}
      </Suspense>
    </div>
  );
}

/** With captions and little room, the face has it until the log is asked for; without captions the log is always there. */
function useView(captions: boolean): View {
  const short = useShort();
  const [shown, setShown] = useState<"face" | "log">("face");
  return { shown: short && captions ? shown : "both", change: () => { setShown(shown === "face" ? "log" : "face"); } };
}
