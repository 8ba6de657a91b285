/** A face on this page, alive: it breathes, blinks and looks about, as it will in a conversation. */
import { useEffect, useRef, useState } from "react";
import { Face, type FaceLook } from "@/media/face/face";
import { BLENDSHAPES, CHANNELS } from "@/media/face/pose";
import { Portrait } from "@/ui/portrait";
import { loadText } from "@/wire/session";

interface AliveFaceProps {
  /** The id of the face; its rig is asked for. */
  id: string;
  name: string;
  onLook?: (look: FaceLook) => void;
}

const FPS = 30;

export function AliveFace({ id, name, onLook }: AliveFaceProps) {
  const live = useRef<HTMLCanvasElement>(null);
  const photo = useRef<HTMLCanvasElement>(null);
  const [look, setLook] = useState<FaceLook>("none");
  const tell = useRef(onLook);
  useEffect(() => {
    tell.current = onLook;
  }, [onLook]);
  useEffect(() => {
    const face = new Face({
      placeAt: () => null,
      load: loadText,
      onLook: (next) => {
        setLook(next);
        tell.current?.(next);
      },
      onHelpless: () => undefined,
      measured: false,
    });
    if (live.current !== null && photo.current !== null) face.attach({ live: live.current, photo: photo.current });
    face.meet({ url: `/face-model/${id}/rig`, channels: [...CHANNELS], blendshapes: BLENDSHAPES.length, fps: FPS });
    return () => {
      face.detach();
      face.meet(null);
    };
  }, [id]);
  return (
    <Portrait name={name} mood="resting" face={look}>
      <canvas className="face-photo" ref={photo} aria-hidden="true" />
      <canvas className="face-live" ref={live} aria-hidden="true" />
    </Portrait>
  );
}
