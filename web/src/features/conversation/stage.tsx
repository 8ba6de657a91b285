/** The clone: its face, its name, what it is doing, and the words as they are spoken. */
import { MessagesSquare, UserRound } from "lucide-react";
import { Button } from "@/ui/button";
import { Face } from "./face";
import { captionOf, lingeringCaption } from "./captions";
import type { ConversationStateManager } from "./manager";
import { moodOf } from "./mood";
import type { ConversationState } from "./state";
import { stateLine } from "./wording";
import { useWords } from "./words";

export interface View {
  /** Where the face and the log have to share the room, which of them is shown; `both` elsewhere. */
  shown: "both" | "face" | "log";
  change: () => void;
}

export function Stage({ manager, state, view }: { manager: ConversationStateManager; state: ConversationState; view: View }) {
  const t = useWords();
  return (
    <section className="stage" aria-label={state.cloneName}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={moodOf(state)} />
      <div className="stage-words">
        <h1>{state.cloneName}</h1>
        <p className="state-line" role="status">
          {t(stateLine(state))}
        </p>
        {view.shown !== "both" && (
          <Button look="quiet" size="small" icon={view.shown === "face" ? MessagesSquare : UserRound} onClick={view.change}>
            {t(view.shown === "face" ? "view.log" : "view.face")}
          </Button>
        )}
      </div>
      {state.settings.captions && view.shown !== "log" && <Caption caption={view.shown === "face" ? lingeringCaption(state) : captionOf(state)} />}
    </section>
  );
}

/** The log says the same to screen readers, also where it is out of sight. */
function Caption({ caption }: { caption: ReturnType<typeof captionOf> }) {
  return (
    <p className="caption" data-who={caption?.who} aria-hidden="true">
      <span>{caption?.text}</span>
    </p>
  );
}
