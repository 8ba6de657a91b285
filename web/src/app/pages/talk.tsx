/** From nothing to a conversation: ask for a session, then show the talk screen, or say what is in the way. */
import { Suspense, use, useState, useTransition, type ReactNode } from "react";
import { useParams } from "react-router";
import { TalkScreen } from "@/features/conversation/talk-screen";
import { Button, ButtonLink } from "@/ui/button";
import { useErrorWords } from "@/ui/error-words";
import { CloneChooser } from "../clone-chooser";
import type { Meeting } from "../meet";
import { meetAgain, meetingWith, useHold } from "../meetings";
import { Welcome } from "../welcome";
import { useAppWords } from "../words";

export default function TalkPage({ menu }: { menu: ReactNode }) {
  const t = useAppWords();
  const slug = useParams().clone ?? null;
  return (
    <Suspense key={slug} fallback={<Welcome title="Selfsame" words={t("waking")} />}>
      <Room slug={slug} menu={menu} />
    </Suspense>
  );
}

function Room({ slug, menu }: { slug: string | null; menu: ReactNode }) {
  const [meeting, setMeeting] = useState(() => meetingWith(slug));
  const [pending, startTransition] = useTransition();
  useHold(meeting);
  const met = use(meeting);
  if ("manager" in met) return <TalkScreen manager={met.manager} chooser={<CloneChooser chosen={met.slug} />} menu={menu} />;
  const again = (): void => {
    startTransition(() => {
      setMeeting(meetAgain(slug));
    });
  };
  return <Refused refusal={met.refusal} pending={pending} again={again} />;
}

interface RefusedProps {
  refusal: Extract<Meeting, { refusal: unknown }>["refusal"];
  pending: boolean;
  again: () => void;
}

function Refused({ refusal, pending, again }: RefusedProps) {
  const t = useAppWords();
  const errorWords = useErrorWords();
  const missing = refusal !== "no-socket" && refusal.code === "NOT_FOUND";
  const words = refusal === "no-socket" ? t("refused.noSocket") : missing ? t("refused.noClone") : errorWords(refusal);
  return (
    <Welcome title={t("refused.title")} words={words}>
      {missing ? (
        <ButtonLink look="primary" to="/">
          {t("refused.toHome")}
        </ButtonLink>
      ) : (
        <Button look="primary" busy={pending} onClick={again}>
          {t(pending ? "refused.trying" : "refused.retry")}
        </Button>
      )}
    </Welcome>
  );
}
