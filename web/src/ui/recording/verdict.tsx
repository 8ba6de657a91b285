/** What is to be said of a recording: good, or what to do better. */
import { CircleCheck, TriangleAlert } from "lucide-react";
import type { Problem } from "@/media/recording/advice";
import "./recording.css";
import { useRecordingWords } from "./words";

export function Verdict({ problems, good }: { problems: readonly Problem[]; good: boolean }) {
  const t = useRecordingWords();
  const [first] = problems;
  const Icon = first === undefined ? CircleCheck : TriangleAlert;
  return (
    <p className="verdict" data-tone={first === undefined ? "good" : good ? "warn" : "bad"} role="status">
      <Icon className="icon" aria-hidden="true" />
      {first === undefined ? t("good") : t(`problems.${first}`)}
    </p>
  );
}
