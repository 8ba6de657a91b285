/** The clone: its face, its name, what it is doing, and the words as they are spoken. */
import { Face } from "./face";
import { captionOf } from "./captions";
import type { ConversationStateManager } from "./manager";
import { moodOf } from "./mood";
import type { ConversationState } from "./state";
import { stateLine } from "./wording";
import { useWords } from "./words";

export function Stage({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const t = useWords();
  return (
    <section className="stage" aria-label={state.cloneName}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={moodOf(state)} />
      <div className="stage-words">
        <h1>{state.cloneName}</h1>
        <p className="state-line" role="status">
          {t(stateLine(state))}
        </p>
      </div>
      {state.settings.captions && <Caption state={state} />}
    </section>
  );
}

/** The log beside it says the same to screen readers. */
function Caption({ state }: { state: ConversationState }) {
  const caption = captionOf(state);
  return (
    <p className="caption" data-who={caption?.who} aria-hidden="true">
      <span>{caption?.text}</span>
    </p>
  );
}
