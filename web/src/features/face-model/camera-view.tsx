/** The camera with its guide: an oval for the face, a hint what to change, a countdown, and the pictures that are wanted. */
import { Camera as CameraIcon, Check, VideoOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { OVAL } from "@/media/camera/measure";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { hintFor, nextPose, POSES, type Hint, type PoseName } from "./guide";
import { useCamera, type CameraState } from "./use-camera";
import { useWords } from "./words";

interface CameraViewProps {
  /** The poses of which there is a picture that will do. */
  taken: readonly PoseName[];
  onShot: (file: Blob, pose: PoseName) => void;
  /** The way without a camera. */
  onFiles: () => void;
}

const COUNT = 3;

export function CameraView({ taken, onShot, onFiles }: CameraViewProps) {
  const t = useWords();
  const { video, state, sight, open: turnOn, close, shoot } = useCamera();
  const [wish, setWish] = useState<PoseName | null>(null);
  const pose = wish ?? nextPose(taken) ?? "front";
  const shootNow = useRef<() => void>(() => undefined);
  const { count, begin, cancel } = useCountdown(() => { shootNow.current(); });
  useEffect(() => {
    shootNow.current = () => {
      void shoot().then((file) => {
        setWish(null);
        if (file !== null) onShot(file, pose);
      });
    };
  });
  const open = state.is === "open";
  const hint = hintFor(sight, pose);
  return (
    <div className="camera">
      {state.is === "troubled" && <Trouble state={state} onAgain={turnOn} onFiles={onFiles} />}
      {state.is === "off" && (
        <EmptyState icon={CameraIcon} title={t("camera.title")} text={t("camera.text")} action={<Button look="primary" icon={CameraIcon} onClick={turnOn}>{t("camera.open")}</Button>} />
      )}
      <div className="camera-stage" hidden={state.is === "off" || state.is === "troubled"} data-good={hint === "good"}>
        <video ref={video} muted playsInline aria-label={t("camera.picture")} />
        <Oval />
        {open && <p className="camera-hint" data-good={hint === "good"}>{t(hintKey(hint))}</p>}
        {count > 0 && <p className="camera-count" aria-hidden="true">{count}</p>}
      </div>
      {open && <LiveHint hint={hint} />}
      {open && (
        <>
          <Poses pose={pose} taken={taken} onWish={setWish} />
          <p className="camera-wish">{t(`wish.${pose}`)}</p>
          <div className="camera-actions">
            <Button look="primary" size="large" icon={CameraIcon} onClick={count > 0 ? cancel : begin}>
              {t(count > 0 ? "camera.wait" : "camera.shoot")}
            </Button>
            <Button look="quiet" onClick={() => { close(); }}>{t("camera.close")}</Button>
          </div>
        </>
      )}
    </div>
  );
}

function hintKey(hint: Hint): `hints.${Hint}` {
  return `hints.${hint}`;
}

/** Says the hint aloud when it has stood for a while: not every flicker. */
function LiveHint({ hint }: { hint: Hint }) {
  const t = useWords();
  const [said, setSaid] = useState<Hint>("looking");
  useEffect(() => {
    const timer = setTimeout(() => { setSaid(hint); }, 1200);
    return () => { clearTimeout(timer); };
  }, [hint]);
  return <p className="unseen" role="status">{t(hintKey(said))}</p>;
}

function useCountdown(onEnd: () => void): { count: number; begin: () => void; cancel: () => void } {
  const [count, setCount] = useState(0);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  useEffect(() => {
    if (count === 0) return;
    const timer = setTimeout(() => {
      if (count === 1) end.current();
      setCount(count - 1);
    }, 1000);
    return () => { clearTimeout(timer); };
  }, [count]);
  return { count, begin: () => { setCount(COUNT); }, cancel: () => { setCount(0); } };
}

/** Dims all but the place where the face belongs. */
function Oval() {
  const [cx, cy, ry] = [50, 100 * OVAL.centreY, 100 * OVAL.halfHeight];
  return (
    <svg className="camera-oval" viewBox="0 0 100 100" aria-hidden="true">
      <defs>
        <mask id="camera-oval">
          <rect x="-100" y="-100" width="300" height="300" fill="#fff" />
          <ellipse cx={cx} cy={cy} rx={ry * OVAL.ratio} ry={ry} fill="#000" />
        </mask>
      </defs>
      <rect x="-100" y="-100" width="300" height="300" mask="url(#camera-oval)" className="camera-shade" />
      <ellipse cx={cx} cy={cy} rx={ry * OVAL.ratio} ry={ry} className="camera-ring" />
    </svg>
  );
}

function Poses({ pose, taken, onWish }: { pose: PoseName; taken: readonly PoseName[]; onWish: (pose: PoseName) => void }) {
  const t = useWords();
  return (
    <ul className="poses" aria-label={t("poses.label")}>
      {POSES.map((each) => (
        <li key={each}>
          <button type="button" className="pose" aria-current={each === pose ? "step" : undefined} onClick={() => { onWish(each); }}>
            {taken.includes(each) && <Check className="icon" aria-hidden="true" />}
            <span>{t(`poses.${each}`)}</span>
            {taken.includes(each) && <span className="unseen">{t("poses.taken")}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Trouble({ state, onAgain, onFiles }: { state: Extract<CameraState, { is: "troubled" }>; onAgain: () => void; onFiles: () => void }) {
  const t = useWords();
  return (
    <EmptyState
      icon={VideoOff}
      title={t(`trouble.${state.trouble}.title`)}
      text={t(`trouble.${state.trouble}.text`)}
      action={
        <span className="camera-actions">
          <Button look="primary" onClick={onFiles}>{t("trouble.files")}</Button>
          <Button onClick={onAgain}>{t("trouble.again")}</Button>
        </span>
      }
    />
  );
}
