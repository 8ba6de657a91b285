import { Button } from "@/ui/button";
import { useFormat } from "@/ui/i18n/format";
import { useFileUrl } from "@/ui/use-file-url";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { gradeOf } from "./guide";
import { useWords } from "./words";

interface OtherFaceProps {
  clone: OwnClone;
  face: FaceModelItem;
  busy: boolean;
  onAccept: () => void;
  onDiscard: () => void;
}

/** A face that was shown before and can be shown again. */
export function OtherFace({ clone, face, busy, onAccept, onDiscard }: OtherFaceProps) {
  const t = useWords();
  const format = useFormat();
  const { url } = useFileUrl(face.previewUrl);
  const drawn = face.tier === "demo";
  return (
    <li className="other-face">
      <span className="other-face-picture">{url !== null && <img src={url} alt={t("picture", { name: clone.name })} />}</span>
      <span className="other-face-words">
        <span>{face.createdAt === null ? "" : format.dateTime(face.createdAt)}</span>
        <span className="face-soft">{drawn ? t("tier.demo") : t(`grade.${gradeOf(face.qualityScore)}`)}</span>
      </span>
      <Button size="small" disabled={busy} onClick={onAccept}>
        {t("useAgain")}
      </Button>
      {!drawn && (
        <Button size="small" look="quiet" onClick={onDiscard}>
          {t("discard")}
        </Button>
      )}
    </li>
  );
}
