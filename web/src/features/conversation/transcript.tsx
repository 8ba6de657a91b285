/** The conversation so far, newest at the bottom. All text from outside is rendered as text, never as markup. */
import { Flag } from "lucide-react";
import { useEffect, useRef } from "react";
import { useFormat } from "@/ui/i18n/format";
import type { ConversationState, Turn } from "./state";
import { Sources, type AskedSource } from "./sources";
import { useWords } from "./words";

interface Deeds {
  onSource: (asked: AskedSource) => void;
  /** Null where the server takes no reports. */
  onReport: ((turn: Turn) => void) | null;
}

interface TranscriptProps extends Deeds {
  state: ConversationState;
  onRemember: (on: boolean) => void;
  /** Out of sight, but there for screen readers; `onWanted` is called when the focus comes into it. */
  away: boolean;
  onWanted: () => void;
}

export function Transcript({ state, onRemember, away, onWanted, ...deeds }: TranscriptProps) {
  const t = useWords();
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = 0; // the end: the log is turned upside down
  }, [state.turns.length, away]);
  return (
    <div ref={log} className="log" data-away={away} role="log" aria-label={t("conversation")} aria-live="polite" tabIndex={0} onFocus={away ? onWanted : undefined}>
      <div className="log-inner">
        <Keeping on={state.settings.keepTranscripts} onRemember={onRemember} />
        {state.greeting !== "" && (
          <article className="turn">
            <p className="said-clone">
              <span className="speaker">{state.cloneName}</span>
              {state.greeting}
            </p>
          </article>
        )}
        {state.turns.map((turn) => (
          <TurnView key={turn.key} turn={turn} state={state} {...deeds} />
        ))}
      </div>
    </div>
  );
}

/** What becomes of these words, and how to change that. */
function Keeping({ on, onRemember }: { on: boolean; onRemember: (on: boolean) => void }) {
  const t = useWords();
  return (
    <p className="keeping">
      {t(on ? "keeping.on" : "keeping.off")}{" "}
      <button type="button" className="link" onClick={() => { onRemember(!on); }}>
        {t(on ? "keeping.stop" : "keeping.start")}
      </button>
    </p>
  );
}

function TurnView({ turn, state, ...deeds }: { turn: Turn; state: ConversationState } & Deeds) {
  const t = useWords();
  const { cloneName } = state;
  const waits = turn.reply === "coming" || (turn.reply === "none" && turn.userIsFinal && state.talk === "processing");
  const unsent = turn.turnId === null && turn.messageId !== null && turn.reply === "none" && state.link.phase !== "open";
  const unkept = turn.user === null && turn.clone === null && (turn.reply === "done" || turn.reply === "interrupted");
  return (
    <article className="turn">
      {turn.user !== null && (
        <p className="said-user" data-live={!turn.userIsFinal} aria-live={turn.userIsFinal ? undefined : "off"}>
          <span className="speaker">{t("turns.you")}</span>
          {turn.user}
        </p>
      )}
      {turn.clone !== null && turn.clone !== "" && (
        <p className="said-clone">
          <span className="speaker">{cloneName}</span>
          {turn.clone}
        </p>
      )}
      {turn.clone === null && waits && !unsent && (
        <p className="thinking" role="img" aria-label={t("turns.thinking", { name: cloneName })}>
          <span />
          <span />
          <span />
        </p>
      )}
      {unsent && <p className="turn-note turn-note-user">{t("turns.unsent")}</p>}
      {unkept && <p className="turn-note">{t("turns.unkept")}</p>}
      <TurnFoot turn={turn} {...deeds} />
    </article>
  );
}

function TurnFoot({ turn, onSource, onReport }: { turn: Turn } & Deeds) {
  const t = useWords();
  const format = useFormat();
  const latency = turn.metrics?.totalLatencyMs ?? 0;
  const over = turn.reply === "done" || turn.reply === "interrupted";
  const said = turn.turnId !== null && turn.clone !== null && turn.clone !== "";
  return (
    <>
      {turn.sources.length > 0 && turn.clone !== "" && <Sources turnId={turn.turnId} sources={turn.sources} onSource={onSource} />}
      {turn.reply === "interrupted" && <p className="turn-note">{t("turns.interrupted")}</p>}
      {turn.reply === "lost" && <p className="turn-note">{t("turns.lost")}</p>}
      {over && (
        <div className="turn-foot">
          {latency > 0 && turn.reply === "done" && <p className="turn-note">{t("turns.answeredIn", { time: format.duration(latency) })}</p>}
          {onReport !== null && said && (
            <button type="button" className="turn-report" aria-haspopup="dialog" onClick={() => { onReport(turn); }}>
              <Flag className="icon" aria-hidden="true" />
              <span>{t("report.open")}</span>
            </button>
          )}
        </div>
      )}
    </>
  );
}
