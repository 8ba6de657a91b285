/** The guide on the first page: the clone one meets by default, in the conversation that the talk page goes on with. */
import { MessageCircle, Square } from "lucide-react";
import { use, useEffect, useRef, type ReactNode } from "react";
import { lastWords } from "@/features/conversation/captions";
import { Face } from "@/features/conversation/face";
import type { ConversationStateManager } from "@/features/conversation/manager";
import { moodOf } from "@/features/conversation/mood";
import { useConversation, useLevels } from "@/features/conversation/use-conversation";
import { stateLine } from "@/features/conversation/wording";
import { useWords as useTalkWords } from "@/features/conversation/words";
import { useWords } from "@/features/home/words";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Portrait } from "@/ui/portrait";
import { meetingWith, useHold } from "./meetings";

type Met = { manager: ConversationStateManager; slug: string } | { manager: null; error: Error | null };

function useGuide(): Met {
  const meeting = meetingWith(null);
  useHold(meeting);
  const met = use(meeting);
  return "manager" in met ? met : { manager: null, error: met.refusal === "no-socket" ? null : met.refusal };
}

export function GuideFace() {
  const met = useGuide();
  return met.manager === null ? <Portrait name="Selfsame" mood="resting" /> : <LiveFace manager={met.manager} />;
}

function LiveFace({ manager }: { manager: ConversationStateManager }) {
  const t = useWords();
  const say = useTalkWords();
  const state = useConversation(manager);
  const root = useRef<HTMLDivElement>(null);
  useLevels(manager, root);
  const answer = state.turns.at(-1)?.clone ?? "";
  const begun = state.turns.length > 0;
  return (
    <div className="guide" ref={root}>
      <Face face={manager.face} look={state.face} name={state.cloneName} mood={moodOf(state)} />
      <p className="hero-caption" data-live={begun} aria-live="polite">
        {answer === "" ? (begun ? say(stateLine(state)) : t("guide", { name: state.cloneName })) : lastWords(answer)}
      </p>
    </div>
  );
}

interface GuideActionProps {
  /** The button was pressed before the guide was there. */
  wanted: boolean;
  /** What stands there until the guide can be talked to. */
  before: ReactNode;
}

export function GuideAction({ wanted, before }: GuideActionProps) {
  const met = useGuide();
  if (met.manager !== null) return <Hello manager={met.manager} slug={met.slug} wanted={wanted} />;
  return met.error === null ? before : <ErrorNote error={met.error} />;
}

function Hello({ manager, slug, wanted }: { manager: ConversationStateManager; slug: string; wanted: boolean }) {
  const t = useWords();
  const state = useConversation(manager);
  const question = t("question");
  useEffect(() => {
    if (wanted && manager.state.turns.length === 0) manager.sendText(question);
  }, [wanted, manager, question]);
  if (state.turns.length === 0) {
    return (
      <Button look="primary" size="large" icon={MessageCircle} onClick={() => { manager.sendText(question); }}>
        {t("hello")}
      </Button>
    );
  }
  return (
    <>
      <ButtonLink look="primary" size="large" icon={MessageCircle} to={`/talk/${encodeURIComponent(slug)}`}>
        {t("goOn")}
      </ButtonLink>
      {(state.talk === "speaking" || state.talk === "processing") && (
        <Button look="quiet" size="large" icon={Square} onClick={() => { manager.stopClone(); }}>
          {t("stop")}
        </Button>
      )}
    </>
  );
}
