/** One sentence, large; the record button; what came of the last recording. */
import { SkipForward } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { expectedSeconds } from "@/media/recording/sentence-end";
import type { Take } from "@/media/recording/session";
import type { KeptRecording } from "@/media/recording/shelf";
import { outline } from "@/media/recording/waveform";
import { Button } from "@/ui/button";
import { PlayButton } from "@/ui/recording/play-button";
import { Prompt } from "@/ui/recording/prompt";
import { Recorder } from "@/ui/recording/recorder";
import { useRecording } from "@/ui/recording/use-recording";
import { Verdict } from "@/ui/recording/verdict";
import { BARS, Waveform } from "@/ui/recording/waveform";
import { Switch } from "@/ui/switch";
import { nextOpen } from "./goals";
import type { Language } from "./orders";
import { keptId, type Kept } from "./use-kept";
import { useWords } from "./words";

/** Time to look at the next sentence before it is recorded by itself. */
const BREATH_MS = 700;

interface PrompterProps {
  clone: string;
  language: Language;
  sentences: readonly string[];
  mine: readonly KeptRecording[];
  kept: Kept;
  /** A sentence to be read anew. */
  redo: { sentence: number } | null;
}

export function Prompter({ clone, language, sentences, mine, kept, redo }: PrompterProps) {
  const t = useWords();
  const done = doneOf(sentences, mine);
  const [at, setAt] = useState<number | null>(() => nextOpen(sentences.length, done, new Set(), -1));
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const [last, setLast] = useState<{ sentence: number; take: Take } | null>(null);
  const [flowing, setFlowing] = useState(false);
  const [wanted, setWanted] = useState(redo);
  if (redo !== wanted) {
    setWanted(redo);
    setLast(null);
    if (redo !== null) setAt(redo.sentence);
  }
  const text = at === null ? "" : (sentences[at] ?? "");
  const taken = (take: Take): void => {
    if (at === null) return;
    setLast({ sentence: at, take });
    if (!take.good) return;
    const { wav, measures, problems, good } = take;
    void kept.put({ id: keptId(clone, language, at), clone, language, text, wav, problems, good, seconds: measures.seconds, speechSeconds: measures.speechSeconds, voice: "" });
    setAt(nextOpen(sentences.length, new Set([...done, at]), skipped, at));
  };
  const recording = useRecording(taken);
  const begin = (): void => {
    recording.start({ expectedSeconds: expectedSeconds(text, language) });
  };
  useFlow(flowing && last?.take.good === true && at !== null, last, begin);
  if (at === null) return <p className="reading-done">{t("read.allDone")}</p>;
  return (
    <div className="prompter">
      <p className="prompter-place">{t("read.place", { at: at + 1, of: sentences.length })}</p>
      <div className="prompter-stage">
        <Prompt text={text} language={language} />
        <Recorder recording={recording} onStart={begin} {...resultOf(last?.take)} />
      </div>
      {recording.state.phase === "idle" && last !== null && (
        <Last
          {...last}
          text={sentences[last.sentence] ?? ""}
          onAgain={last.sentence === at ? null : () => {
            setAt(last.sentence);
            setLast(null);
          }}
        />
      )}
      <Foot
        flowing={flowing}
        onFlow={setFlowing}
        idle={recording.state.phase === "idle"}
        onSkip={() => {
          setSkipped(new Set([...skipped, at]));
          setLast(null);
          setAt(nextOpen(sentences.length, done, new Set([...skipped, at]), at));
        }}
      />
    </div>
  );
}

interface FootProps {
  flowing: boolean;
  onFlow: (on: boolean) => void;
  idle: boolean;
  onSkip: () => void;
}

function Foot({ flowing, onFlow, idle, onSkip }: FootProps) {
  const t = useWords();
  return (
    <div className="prompter-foot">
      <Switch label={t("read.flow")} hint={t("read.flowHint")} on={flowing} onChange={onFlow} />
      <Button look="quiet" size="small" icon={SkipForward} disabled={!idle} onClick={onSkip}>
        {t("read.skip")}
      </Button>
    </div>
  );
}

/** After a good recording the next one begins by itself. */
function useFlow(on: boolean, last: object | null, begin: () => void): void {
  const act = useRef(begin);
  useEffect(() => {
    act.current = begin;
  });
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => { act.current(); }, BREATH_MS);
    return () => { clearTimeout(timer); };
  }, [on, last]);
}

/** What the recorder shows of the last recording. */
function resultOf(take: Take | undefined) {
  if (take === undefined) return {};
  return { resting: <Waveform bars={outline(take.pcm, BARS)} />, note: <Verdict problems={take.problems} good={take.good} /> };
}

function Last({ take, text, onAgain }: { take: Take; text: string; onAgain: (() => void) | null }) {
  const t = useWords();
  return (
    <div className="prompter-last">
      <div className="voice-foot">
        <PlayButton name={text} sound={take.wav} text />
        {onAgain !== null && <Button onClick={onAgain}>{t("read.again")}</Button>}
      </div>
    </div>
  );
}

function doneOf(sentences: readonly string[], mine: readonly KeptRecording[]): ReadonlySet<number> {
  const texts = new Set(mine.map(({ text }) => text));
  return new Set(sentences.flatMap((text, at) => (texts.has(text) ? [at] : [])));
}
