import { useState } from "react";
import { FileDrop } from "@/ui/file-drop";
import { PHOTO_ENDINGS, PHOTOS_MOST, sorted, VIDEO_BYTES, VIDEO_ENDINGS, type FilesTrouble, type Shot, type Shots } from "./shots";
import { useWords } from "./words";

/** Photos or one video from the person's files. */
export function ChooseFiles({ box, shots }: { box: Shots; shots: readonly Shot[] }) {
  const t = useWords();
  const [trouble, setTrouble] = useState<FilesTrouble | null>(null);
  return (
    <div className="choose-files">
      <FileDrop
        label={t("files.label")}
        endings={[...PHOTO_ENDINGS, ...VIDEO_ENDINGS]}
        maxBytes={VIDEO_BYTES}
        many={PHOTOS_MOST}
        onFiles={(files) => {
          const found = sorted(files, shots);
          if ("trouble" in found) {
            setTrouble(found);
            return;
          }
          setTrouble(null);
          box.add(found);
        }}
      />
      {trouble !== null && (
        <p className="field-error" role="alert">
          {t(`files.${trouble.trouble}`, { name: "name" in trouble ? trouble.name : "" })}
        </p>
      )}
      <ul className="face-tips">
        <li>{t("tips.light")}</li>
        <li>{t("tips.look")}</li>
        <li>{t("tips.alone")}</li>
        <li>{t("tips.video")}</li>
      </ul>
    </div>
  );
}
