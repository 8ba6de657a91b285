/** A face that is made: alive beside the photo it was made of, how good it is in words, and whether it is to be shown. */
import { Play, Trash2, UserRoundCheck } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Dialog } from "@/ui/dialog";
import { Meter } from "@/ui/progress";
import { useFileUrl } from "@/ui/use-file-url";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { adviceFor } from "./advice";
import { AliveFace } from "./alive-face";
import { gradeOf } from "./guide";
import { useWords } from "./words";

interface FaceCardProps {
  clone: OwnClone;
  face: FaceModelItem;
  busy: boolean;
  onAccept: () => void;
  onDiscard: () => void;
}

export function FaceCard({ clone, face, busy, onAccept, onDiscard }: FaceCardProps) {
  const t = useWords();
  const [playing, setPlaying] = useState(false);
  const active = face.status === "active";
  const drawn = face.tier === "demo";
  return (
    <Card title={t(active ? "shown.title" : "ready.title")} actions={active ? <Badge tone="good">{t("shown.badge")}</Badge> : <Badge tone="warn">{t("ready.badge")}</Badge>} className="face-card">
      <div className="face-card-body">
        <div className="face-pictures">
          <figure>
            <AliveFace id={face.faceModelId} name={clone.name} />
            <figcaption>{t("alive")}</figcaption>
          </figure>
          {!drawn && <Original face={face} name={clone.name} />}
        </div>
        <div className="face-card-words">
          <p>{t(active ? "shown.text" : "ready.text", { name: clone.name })}</p>
          {!drawn && <Quality face={face} />}
          <div className="face-card-actions">
            {!active && (
              <Button look="primary" icon={UserRoundCheck} busy={busy} onClick={onAccept}>
                {t("accept")}
              </Button>
            )}
            {face.videoUrl !== undefined && (
              <Button icon={Play} onClick={() => { setPlaying(true); }}>
                {t("hear")}
              </Button>
            )}
            {!drawn && (
              <Button look="quiet" icon={Trash2} onClick={onDiscard}>
                {t("discard")}
              </Button>
            )}
          </div>
        </div>
      </div>
      <Dialog open={playing} onClose={() => { setPlaying(false); }} title={t("sentence")}>
        {face.videoUrl !== undefined && <Clip path={face.videoUrl} />}
      </Dialog>
    </Card>
  );
}

function Original({ face, name }: { face: FaceModelItem; name: string }) {
  const t = useWords();
  const { url, failed } = useFileUrl(`/face-model/${face.faceModelId}/neutral_pose.jpg`);
  if (failed) return null;
  return (
    <figure>
      <span className="face-original">{url !== null && <img src={url} alt={t("picture", { name })} />}</span>
      <figcaption>{t("original")}</figcaption>
    </figure>
  );
}

function Clip({ path }: { path: string }) {
  const t = useWords();
  const { url, failed } = useFileUrl(path);
  if (failed) return <p>{t("noClip")}</p>;
  if (url === null) return <div className="face-clip" />;
  // The sentence is always the same and stands above; a face that speaks has nothing else to caption.
  // eslint-disable-next-line jsx-a11y/media-has-caption
  return <video className="face-clip" src={url} controls autoPlay playsInline />;
}

function Quality({ face }: { face: FaceModelItem }) {
  const t = useWords();
  const grade = gradeOf(face.qualityScore);
  const advice = adviceFor(face);
  return (
    <div className="face-quality">
      <Meter label={t("quality")} value={face.qualityScore / 100} text={t(`grade.${grade}`)} tone={grade === "poor" ? "bad" : grade === "fair" ? "warn" : "good"} />
      <p className="face-soft">
        {face.media?.type === "video" ? t("madeOfVideo") : t("madeOf", { count: face.good ?? 0 })} {face.tier !== "" && face.tier !== "demo" && t(`tier.${face.tier}`)}
      </p>
      {advice.length > 0 && (
        <>
          <p className="face-advice-title">{t("better")}</p>
          <ul className="face-advice">
            {advice.map((key) => (
              <li key={key}>{t(`advice.${key}`)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
