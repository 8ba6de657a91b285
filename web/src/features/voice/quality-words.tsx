/** What was measured of a voice, in words, and what would make it better. */
import { useFormat } from "@/ui/i18n/format";
import { Meter } from "@/ui/progress";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { FAIR_SECONDS } from "./goals";
import { isClear, problemsIn, qualityOf, type Grade } from "./quality";
import { useWords } from "./words";

const TONES: Record<Grade, "good" | "warn" | "bad"> = { great: "good", good: "good", fair: "warn", poor: "bad" };

export function QualityWords({ voice }: { voice: VoiceModelItem }) {
  const t = useWords();
  const format = useFormat();
  const { likeness, clarity } = qualityOf(voice);
  const problems = problemsIn(voice).slice(0, 3);
  const seconds = voice.seconds ?? 0;
  const used = t("quality.used", { good: voice.good ?? 0, count: voice.recordings ?? 0, seconds: format.number(seconds) });
  return (
    <div className="quality">
      {isClear(voice) && <p className="voice-small">{t("quality.ownSounds")}</p>}
      <div className="quality-meters">
        {likeness !== null && <Meter label={t("quality.likeness")} value={likeness.part} text={t(`quality.alike.${likeness.grade}`)} tone={TONES[likeness.grade]} />}
        {clarity !== null && <Meter label={t("quality.clarity")} value={clarity.part} text={t(`quality.clear.${clarity.grade}`)} tone={TONES[clarity.grade]} />}
      </div>
      {isClear(voice) && <p>{t("quality.clearManner")}</p>}
      <p className="voice-small">{used}</p>
      {(problems.length > 0 || seconds < FAIR_SECONDS) && (
        <>
          <h3>{t("quality.better")}</h3>
          <ul className="quality-advice">
            {seconds < FAIR_SECONDS && <li>{t("quality.more")}</li>}
            {problems.map(({ problem, count }) => (
              <li key={problem}>{t(`quality.problems.${problem}`, { count })}</li>
            ))}
          </ul>
        </>
      )}
      {(voice.notes ?? []).length > 0 && (
        <details className="kept">
          <summary>{t("quality.notes")}</summary>
          <ul className="quality-advice" lang="en">
            {voice.notes?.map((note, at) => <li key={`${at} ${note}`}>{note}</li>)}
          </ul>
        </details>
      )}
    </div>
  );
}
