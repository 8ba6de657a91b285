/** The big record button with what is heard above it and what to do below. */
import { LoaderCircle, Mic, Square } from "lucide-react";
import type { ReactNode } from "react";
import { lastBars } from "@/media/recording/waveform";
import { Button } from "../button";
import { useFormat } from "../i18n/format";
import "./recording.css";
import type { Recording } from "./use-recording";
import { useSpaceKey } from "./use-recording";
import { BARS, Waveform } from "./waveform";
import { useRecordingWords } from "./words";

interface RecorderProps {
  recording: Recording;
  /** Begins a recording. */
  onStart: () => void;
  disabled?: boolean;
  /** Shown in the waveform's place while nothing is recorded. */
  resting?: ReactNode;
  /** Said below the button while nothing is recorded, in place of how to begin. */
  note?: ReactNode;
}

export function Recorder({ recording, onStart, disabled = false, resting, note }: RecorderProps) {
  const t = useRecordingWords();
  const format = useFormat();
  const { state, peaks, stop } = recording;
  const on = state.phase !== "idle";
  const toggle = on ? stop : onStart;
  useSpaceKey(toggle, !disabled);
  return (
    <div className="recorder" data-phase={state.phase}>
      <div className="recorder-sound">{on ? <Waveform bars={lastBars(peaks, BARS)} live /> : resting}</div>
      {state.problem !== null && <MicrophoneNote problem={state.problem} retry={onStart} />}
      <button type="button" className="record-button" aria-label={t(on ? "stop" : "start")} disabled={disabled} data-hint={state.hint} onClick={toggle}>
        {state.phase === "opening" ? <LoaderCircle className="icon turning" aria-hidden="true" /> : on ? <Square className="icon icon-solid" aria-hidden="true" /> : <Mic className="icon" aria-hidden="true" />}
      </button>
      <div className="recorder-hint" data-hint={on ? state.hint : "ready"}>
        {state.phase === "recording" && (
          <>
            <span role="status">{t(`hints.${state.hint}`)}</span> <span className="recorder-clock">{t("seconds", { seconds: format.number(state.seconds) })}</span>
          </>
        )}
        {state.phase === "opening" && <span role="status">{t("opening")}</span>}
        {!on &&
          (note ?? (
            <>
              <span className="with-keys">{t("key")}</span>
              <span className="with-touch">{t("tap")}</span>
            </>
          ))}
      </div>
    </div>
  );
}

function MicrophoneNote({ problem, retry }: { problem: NonNullable<Recording["state"]["problem"]>; retry: () => void }) {
  const t = useRecordingWords();
  return (
    <div className="error-note" role="alert">
      <div>
        <p className="error-note-title">{t("microphone.title")}</p>
        <p>{t(`microphone.${problem}`)}</p>
      </div>
      {problem !== "unsupported" && problem !== "insecure-page" && (
        <Button size="small" onClick={retry}>
          {t("start")}
        </Button>
      )}
    </div>
  );
}
