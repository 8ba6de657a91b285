/** From nothing to a conversation: ask for a session, then show the talk screen, or say what is in the way. */
import { Suspense, use, useState, useTransition, type ReactNode } from "react";
import { TalkScreen } from "@/features/conversation/talk-screen";
import { Portrait } from "@/ui/portrait";
import { CloneChooser } from "./clone-chooser";
import { chosenClone, meet, type Meeting } from "./meet";

export function App({ first }: { first: Promise<Meeting> }) {
  const [meeting, setMeeting] = useState(first);
  const [pending, startTransition] = useTransition();
  const choose = (slug: string | null): void => {
    startTransition(() => {
      setMeeting(meet(slug));
    });
  };
  return (
    <Suspense fallback={<Welcome title="Selfsame" words="Waking up…" />}>
      <Room meeting={meeting} choose={choose} pending={pending} />
    </Suspense>
  );
}

interface RoomProps {
  meeting: Promise<Meeting>;
  choose: (slug: string | null) => void;
  pending: boolean;
}

function Room({ meeting, choose, pending }: RoomProps) {
  const met = use(meeting);
  if ("refusal" in met) {
    return (
      <Welcome title="We cannot talk just now" words={met.refusal}>
        <button type="button" className="primary" disabled={pending} onClick={() => { choose(chosenClone()); }}>
          {pending ? "Trying…" : "Try again"}
        </button>
      </Welcome>
    );
  }
  const chooser = met.clones.length > 1 && (
    <CloneChooser
      clones={met.clones}
      chosen={met.slug}
      onChoose={(slug) => {
        met.manager.disconnect();
        choose(slug);
      }}
    />
  );
  return <TalkScreen key={met.slug} manager={met.manager} chooser={chooser} />;
}

function Welcome({ title, words, children }: { title: string; words: string; children?: ReactNode }) {
  return (
    <main className="welcome">
      <Portrait name="Selfsame" mood="resting" />
      <h1>{title}</h1>
      <p role="status">{words}</p>
      {children}
    </main>
  );
}
