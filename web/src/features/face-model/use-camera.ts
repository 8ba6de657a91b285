import { useEffect, useRef, useState, type RefObject } from "react";
import { Camera, CameraError, type CameraTrouble } from "@/media/camera/camera";
import { Watch, type Sight } from "@/media/camera/watch";
import { judgePhoto } from "./use-shots";

export type CameraState = { is: "off" } | { is: "opening" } | { is: "open" } | { is: "troubled"; trouble: CameraTrouble | "lost" };

export interface CameraInHand {
  video: RefObject<HTMLVideoElement | null>;
  state: CameraState;
  sight: Sight | null;
  open: () => void;
  close: () => void;
  shoot: () => Promise<Blob | null>;
}

/** The camera while the component is shown: opened on demand, closed when it goes. */
export function useCamera(): CameraInHand {
  const video = useRef<HTMLVideoElement>(null);
  const held = useRef<{ camera: Camera; watch: Watch } | null>(null);
  const [state, setState] = useState<CameraState>({ is: "off" });
  const [sight, setSight] = useState<Sight | null>(null);
  const close = (): void => {
    held.current?.watch.stop();
    held.current?.camera.close();
    held.current = null;
    setSight(null);
    setState({ is: "off" });
  };
  const open = (): void => {
    const element = video.current;
    if (element === null) return;
    close();
    setState({ is: "opening" });
    const camera = new Camera(element, () => { setState({ is: "troubled", trouble: "lost" }); });
    const watch = new Watch({ video: element, locate, onSight: setSight });
    held.current = { camera, watch };
    void camera.open().then(
      () => {
        if (held.current?.camera !== camera) return;
        watch.start();
        setState({ is: "open" });
      },
      (error: unknown) => {
        if (held.current?.camera === camera) setState({ is: "troubled", trouble: error instanceof CameraError ? error.trouble : "unknown" });
      },
    );
  };
  useEffect(
    () => () => {
      held.current?.watch.stop();
      held.current?.camera.close();
      held.current = null;
    },
    [],
  );
  const shoot = (): Promise<Blob | null> => held.current?.camera.shoot() ?? Promise.resolve(null);
  return { video, state, sight, open, close, shoot };
}

async function locate(picture: Blob, signal: AbortSignal) {
  const { face, reasons } = await judgePhoto(picture, signal);
  return { face, reasons };
}
