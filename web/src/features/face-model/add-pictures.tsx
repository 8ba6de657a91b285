/** Pictures for a face: from the camera or from files; each judged, then all sent together. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Progress } from "@/ui/progress";
import { Tabs } from "@/ui/tabs";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { listFacesQueryKey, listJobsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { asApiError, type ApiError } from "@/wire/api-error";
import { upload } from "@/wire/upload";
import { CameraView } from "./camera-view";
import { ChooseFiles } from "./choose-files";
import type { PoseName } from "./guide";
import { ShotList } from "./shot-list";
import { usable, type Shot, type Shots } from "./shots";
import { useShots } from "./use-shots";
import { useWords } from "./words";

interface AddPicturesProps {
  clone: OwnClone;
  onSent: () => void;
  /** Null where there is nothing to go back to. */
  onCancel: (() => void) | null;
}

export function AddPictures({ clone, onSent, onCancel }: AddPicturesProps) {
  const t = useWords();
  const { box, shots } = useShots();
  const [way, setWay] = useState<"camera" | "files">("camera");
  const sending = useSending(clone, () => {
    box.clear();
    onSent();
  });
  const taken = shots.flatMap(({ pose, verdict }): PoseName[] => (pose === null || (verdict.state === "judged" && !verdict.valid) ? [] : [pose]));
  const shoot = (file: Blob, pose: PoseName): void => {
    // A new picture of a pose takes the place of one that will not do.
    for (const shot of shots) if (shot.pose === pose && shot.verdict.state === "judged" && !shot.verdict.valid) box.remove(shot.id);
    box.add([{ file, name: `${pose}.jpg`, kind: "photo", pose }]);
  };
  const video = shots.some(({ kind }) => kind === "video");
  return (
    <div className="add-pictures">
      <Tabs
        label={t("ways.label")}
        value={way}
        onChange={setWay}
        tabs={[
          { value: "camera", label: t("ways.camera"), content: video ? <p>{t("ways.videoChosen")}</p> : <CameraView taken={taken} onShot={shoot} onFiles={() => { setWay("files"); }} /> },
          { value: "files", label: t("ways.files"), content: <ChooseFiles box={box} shots={shots} /> },
        ]}
      />
      <ShotList shots={shots} box={box} />
      <Send shots={shots} box={box} sending={sending} onCancel={onCancel} />
    </div>
  );
}

interface Sending {
  send: (shots: readonly Shot[]) => void;
  stop: () => void;
  /** 0 to 1 while it is under way. */
  part: number | null;
  error: ApiError | null;
}

function useSending(clone: OwnClone, onSent: () => void): Sending {
  const queries = useQueryClient();
  const [part, setPart] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const leaving = useRef<AbortController | null>(null);
  const send = async (shots: readonly Shot[]): Promise<void> => {
    const form = new FormData();
    form.append("clone", clone.slug);
    for (const { file, name } of shots) form.append("files", file, name);
    leaving.current = new AbortController();
    setError(null);
    setPart(0);
    try {
      await upload<FaceModelItem>("/face-model/upload", form, { signal: leaving.current.signal, onProgress: setPart });
      await queries.invalidateQueries({ queryKey: listFacesQueryKey() });
      void queries.invalidateQueries({ queryKey: listJobsQueryKey({ query: { clone: clone.slug } }) });
      onSent();
    } catch (thrown) {
      const failure = asApiError(thrown);
      if (failure.code !== "ABORTED") setError(failure);
    } finally {
      setPart(null);
    }
  };
  return { send: (shots) => void send(shots), stop: () => { leaving.current?.abort(); }, part, error };
}

interface SendProps {
  shots: readonly Shot[];
  box: Shots;
  sending: Sending;
  onCancel: (() => void) | null;
}

function Send({ shots, box, sending, onCancel }: SendProps) {
  const t = useWords();
  const good = usable(shots);
  const judging = shots.some(({ verdict }) => verdict.state === "waiting");
  if (sending.part !== null) {
    return (
      <div className="sending">
        <Progress label={t(sending.part < 1 ? "send.sending" : "send.taking")} value={sending.part} />
        <Button onClick={sending.stop}>{t("send.stop")}</Button>
      </div>
    );
  }
  return (
    <div className="send">
      {sending.error !== null && <ErrorNote error={sending.error} retry={() => { sending.send(good); }} />}
      <p className="face-soft" role="status">
        {shots.length > 0 && t(good.length === 0 ? "send.none" : good.some(({ kind }) => kind === "video") || good.length >= 3 ? "send.enough" : "send.few")}
      </p>
      <div className="send-actions">
        {onCancel !== null && (
          <Button
            look="quiet"
            onClick={() => {
              box.clear();
              onCancel();
            }}
          >
            {t("send.cancel")}
          </Button>
        )}
        {shots.length > 0 && (
          <Button look="primary" disabled={good.length === 0 || judging} onClick={() => { sending.send(good); }}>
            {t("send.action")}
          </Button>
        )}
      </div>
      <p className="face-soft">{t("send.privacy")}</p>
    </div>
  );
}
