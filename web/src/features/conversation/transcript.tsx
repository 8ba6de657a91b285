/** The conversation so far, newest at the bottom. All text from outside is rendered as text, never as markup. */
import { useEffect, useRef } from "react";
import { useFormat } from "@/ui/i18n/format";
import type { ConversationState, Turn } from "./state";
import { Sources } from "./sources";
import { useWords } from "./words";

export function Transcript({ state }: { state: ConversationState }) {
  const t = useWords();
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = 0; // the end: the log is turned upside down
  }, [state.turns.length]);
  return (
    <div ref={log} className="log" role="log" aria-label={t("conversation")} aria-live="polite" tabIndex={-1}>
      <div className="log-inner">
        {state.greeting !== "" && (
          <article className="turn">
            <p className="said-clone">
              <span className="speaker">{state.cloneName}</span>
              {state.greeting}
            </p>
          </article>
        )}
        {state.turns.map((turn) => (
          <TurnView key={turn.key} turn={turn} state={state} />
        ))}
      </div>
    </div>
  );
}

function TurnView({ turn, state }: { turn: Turn; state: ConversationState }) {
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
        <p className="thinking" aria-label={t("turns.thinking", { name: cloneName })}>
          <span />
          <span />
          <span />
        </p>
      )}
      {unsent && <p className="turn-note turn-note-user">{t("turns.unsent")}</p>}
      {unkept && <p className="turn-note">{t("turns.unkept")}</p>}
      <TurnFoot turn={turn} />
    </article>
  );
}

function TurnFoot({ turn }: { turn: Turn }) {
  const t = useWords();
  const format = useFormat();
  const latency = turn.metrics?.totalLatencyMs ?? 0;
  return (
    <>
      {turn.sources.length > 0 && turn.clone !== "" && <Sources sources={turn.sources} />}
      {turn.reply === "interrupted" && <p className="turn-note">{t("turns.interrupted")}</p>}
      {turn.reply === "lost" && <p className="turn-note">{t("turns.lost")}</p>}
      {latency > 0 && turn.reply === "done" && <p className="turn-note">{t("turns.answeredIn", { time: format.duration(latency) })}</p>}
    </>
  );
}
