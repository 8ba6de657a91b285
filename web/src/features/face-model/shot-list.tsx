/** The pictures that are about to be sent, each with what is said of it. */
import { Check, Film, LoaderCircle, RotateCcw, TriangleAlert, X } from "lucide-react";
import { IconButton } from "@/ui/button";
import { useErrorWords } from "@/ui/error-words";
import { known } from "./advice";
import type { Shot, Shots } from "./shots";
import { useWords } from "./words";

export function ShotList({ shots, box }: { shots: readonly Shot[]; box: Shots }) {
  const t = useWords();
  if (shots.length === 0) return null;
  return (
    <ul className="shots" aria-label={t("shots.label")}>
      {shots.map((shot, index) => (
        <li key={shot.id} className="shot" data-verdict={toneOf(shot)}>
          <span className="shot-picture">
            {shot.kind === "video" ? <VideoPicture shot={shot} /> : <img src={shot.url} alt={nameOf(shot, index, t)} />}
            <IconButton label={t("shots.remove", { name: nameOf(shot, index, t) })} icon={X} onClick={() => { box.remove(shot.id); }} />
          </span>
          <Said shot={shot} onAgain={() => { box.again(shot.id); }} />
        </li>
      ))}
    </ul>
  );
}

function nameOf({ pose, name }: Shot, index: number, t: ReturnType<typeof useWords>): string {
  return pose === null ? name || t("shots.photo", { number: index + 1 }) : t(`poses.${pose}`);
}

function toneOf({ verdict }: Shot): "waiting" | "good" | "fair" | "bad" | "unknown" {
  if (verdict.state === "waiting") return "waiting";
  if (verdict.state === "unjudged") return "unknown";
  if (!verdict.valid) return "bad";
  return verdict.reasons.length > 0 ? "fair" : "good";
}

function Said({ shot, onAgain }: { shot: Shot; onAgain: () => void }) {
  const t = useWords();
  const errorWords = useErrorWords();
  const tone = toneOf(shot);
  const { verdict } = shot;
  if (verdict.state === "unjudged") {
    return (
      <p className="shot-said">
        <span>{errorWords(verdict.error)}</span>
        <IconButton label={t("shots.again")} icon={RotateCcw} onClick={onAgain} />
      </p>
    );
  }
  const reason = verdict.state === "judged" ? known(verdict.reasons)[0] : undefined;
  const Icon = { waiting: LoaderCircle, good: Check, fair: Check, bad: TriangleAlert, unknown: TriangleAlert }[tone];
  return (
    <p className="shot-said">
      <Icon className={tone === "waiting" ? "icon turning" : "icon"} aria-hidden="true" />
      <span>
        <span className="shot-verdict">{shot.kind === "video" ? t("shots.video") : t(`shots.${tone === "unknown" ? "waiting" : tone}`)}</span>
        {reason !== undefined && <span className="face-soft"> {t(`advice.${reason}`)}</span>}
      </span>
    </p>
  );
}

function VideoPicture({ shot }: { shot: Shot }) {
  return (
    <>
      <video src={shot.url} muted playsInline preload="metadata" aria-label={shot.name} />
      <Film className="icon shot-film" aria-hidden="true" />
    </>
  );
}
