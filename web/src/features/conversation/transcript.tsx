/** The conversation so far, newest at the bottom. All text from outside is rendered as text, never as markup. */
import { useEffect, useRef } from "react";
import type { ConversationState, Turn } from "./state";
import { Sources } from "./sources";
import { duration } from "./words";

export function Transcript({ state }: { state: ConversationState }) {
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = 0; // the end: the log is turned upside down
  }, [state.turns.length]);
  return (
    <div ref={log} className="log" role="log" aria-label="Conversation" aria-live="polite" tabIndex={-1}>
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
  const { cloneName } = state;
  const waits = turn.reply === "coming" || (turn.reply === "none" && turn.userIsFinal && state.talk === "processing");
  const unsent = turn.turnId === null && turn.messageId !== null && turn.reply === "none" && state.link.phase !== "open";
  const unkept = turn.user === null && turn.clone === null && (turn.reply === "done" || turn.reply === "interrupted");
  return (
    <article className="turn">
      {turn.user !== null && (
        <p className="said-user" data-live={!turn.userIsFinal} aria-live={turn.userIsFinal ? undefined : "off"}>
          <span className="speaker">You</span>
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
        <p className="thinking" aria-label={`${cloneName} is thinking`}>
          <span />
          <span />
          <span />
        </p>
      )}
      {unsent && <p className="turn-note turn-note-user">Will be sent when the connection is back</p>}
      {unkept && <p className="turn-note">An earlier turn that was not kept.</p>}
      <TurnFoot turn={turn} />
    </article>
  );
}

function TurnFoot({ turn }: { turn: Turn }) {
  const latency = turn.metrics?.totalLatencyMs ?? 0;
  return (
    <>
      {turn.sources.length > 0 && turn.clone !== "" && <Sources sources={turn.sources} />}
      {turn.reply === "interrupted" && <p className="turn-note">You interrupted here.</p>}
      {turn.reply === "lost" && <p className="turn-note">The connection was lost before the answer was over. Please ask again.</p>}
      {latency > 0 && turn.reply === "done" && <p className="turn-note">Answered in {duration(latency)}</p>}
    </>
  );
}
