import { TriangleAlert } from "lucide-react";
import { Button } from "@/ui/button";
import { useCodeWords } from "@/ui/error-words";
import type { FaceModelItem } from "@/wire/api";
import { useWords } from "./words";

/** A face that came to nothing: why, and what to do. */
export function FailedFace({ face, onDismiss }: { face: FaceModelItem; onDismiss: () => void }) {
  const t = useWords();
  const words = useCodeWords();
  return (
    <div className="error-note" role="alert">
      <TriangleAlert className="icon" aria-hidden="true" />
      <div>
        <p className="error-note-title">{t("failed.title")}</p>
        <p>{face.errorMessage ? words(face.errorCode, face.errorMessage) : t("failed.text")}</p>
      </div>
      <Button size="small" onClick={onDismiss}>
        {t("failed.dismiss")}
      </Button>
    </div>
  );
}
