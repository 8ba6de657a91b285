/** The last step of the path, with the conversation in it: the same one that the talk page goes on with. */
import { Send, Square } from "lucide-react";
import { Suspense, use, useRef, useState } from "react";
import { useParams } from "react-router";
import { Face } from "@/features/conversation/face";
import type { ConversationStateManager } from "@/features/conversation/manager";
import { moodOf } from "@/features/conversation/mood";
import type { ConversationState } from "@/features/conversation/state";
import { TalkButton } from "@/features/conversation/talk-button";
import { useConversation, useLevels } from "@/features/conversation/use-conversation";
import { MICROPHONE_WORDS, SOUND_WORDS, stateLine, useTroubleWords } from "@/features/conversation/wording";
import { useWords as useTalkWords } from "@/features/conversation/words";
import { TryStep } from "@/features/studio-path/try-step";
import { useWords } from "@/features/studio-path/words";
import { soundProblem } from "@/media/audio-clock";
import { Button, IconButton } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { meetAgain, meetingWith, useHold } from "../meetings";

export default function TryPage() {
  const { clone = "" } = useParams();
  return (
    <TryStep
      talk={
        <Suspense key={clone} fallback={<Skeleton lines={4} />}>
          <Talk slug={clone} />
        </Suspense>
      }
    />
  );
}

function Talk({ slug }: { slug: string }) {
  const t = useWords();
  const [meeting, setMeeting] = useState(() => meetingWith(slug));
  useHold(meeting);
  const met = use(meeting);
  if ("manager" in met) return <Conversation manager={met.manager} />;
  if (met.refusal === "no-socket") return <p>{t("try.noSocket")}</p>;
  return <ErrorNote error={met.refusal} retry={() => { setMeeting(meetAgain(slug)); }} />;
}

const SHOWN = 320;

function Conversation({ manager }: { manager: ConversationStateManager }) {
  const t = useWords();
  const say = useTalkWords();
  const state = useConversation(manager);
  const root = useRef<HTMLDivElement>(null);
  useLevels(manager, root);
  const [text, setText] = useState("");
  const last = state.turns.at(-1);
  const answer = last?.clone ?? "";
  const busy = state.talk === "speaking" || state.talk === "processing";
  return (
    <div className="try-conversation" ref={root}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={moodOf(state)} />
      <p className="try-state" aria-live="polite">
        {say(stateLine(state))}
      </p>
      <div className="try-words" aria-live="polite">
        {typeof last?.user === "string" && last.user !== "" && <p className="try-asked">{last.user}</p>}
        {answer !== "" && <p>{answer.length > SHOWN ? `… ${answer.slice(-SHOWN)}` : answer}</p>}
      </div>
      <Trouble state={state} />
      <form
        className="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === "") return;
          manager.wake();
          manager.sendText(text.trim());
          setText("");
        }}
      >
        <TalkButton manager={manager} state={state} />
        <input className="input" aria-label={t("try.ask", { name: state.cloneName })} placeholder={t("try.ask", { name: state.cloneName })} value={text} onChange={(event) => { setText(event.target.value); }} />
        {busy ? (
          <IconButton label={t("try.stop")} icon={Square} onClick={() => { manager.stopClone(); }} />
        ) : (
          <Button look="primary" type="submit" icon={Send}>
            {t("try.send")}
          </Button>
        )}
      </form>
    </div>
  );
}

/** Why it cannot be heard, cannot hear, or did not answer. */
function Trouble({ state }: { state: ConversationState }) {
  const say = useTalkWords();
  const troubleWords = useTroubleWords();
  const sound = soundProblem();
  const microphone = typeof state.microphone === "object" ? state.microphone.problem : null;
  if (sound !== null) return <p role="alert">{say(SOUND_WORDS[sound])}</p>;
  if (microphone !== null) return <p role="alert">{say(MICROPHONE_WORDS[microphone])}</p>;
  return state.error === null ? null : <p role="alert">{troubleWords(state.error)}</p>;
}
