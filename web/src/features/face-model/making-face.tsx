import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useStepWords } from "@/ui/jobs/step-words";
import { Progress } from "@/ui/progress";
import type { FaceModelItem } from "@/wire/api";
import { useWords } from "./words";

/** A face that is being made: how far it is, and a way to stop it. */
export function MakingFace({ face, onStop }: { face: FaceModelItem; onStop: () => void }) {
  const t = useWords();
  const step = useStepWords();
  const waiting = face.status === "pending";
  return (
    <Card title={t("making.title")} actions={<Button size="small" onClick={onStop}>{t("making.stop")}</Button>}>
      <Progress label={step(face.message)} value={waiting || face.message === "" ? null : face.progress} detail={t(waiting ? "making.waiting" : "making.text")} />
    </Card>
  );
}
