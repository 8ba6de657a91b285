/** The clone's face on the stage: the canvas it is drawn on, and the drawn stand-in until there is a face. */
import { useEffect, useRef } from "react";
import type { Face as FaceDrawing, FaceLook } from "@/media/face/face";
import { Portrait } from "@/ui/portrait";

interface FaceProps {
  face: FaceDrawing;
  look: FaceLook;
  name: string;
  mood: "resting" | "listening" | "thinking" | "speaking";
}

export function Face({ face, look, name, mood }: FaceProps) {
  const live = useRef<HTMLCanvasElement>(null);
  const photo = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (live.current !== null && photo.current !== null) face.attach({ live: live.current, photo: photo.current });
    return () => {
      face.detach();
    };
  }, [face]);
  useEffect(() => {
    face.feel(mood);
  }, [face, mood]);
  return (
    <Portrait name={name} mood={mood} face={look}>
      <canvas className="face-photo" ref={photo} aria-hidden="true" />
      <canvas className="face-live" ref={live} aria-hidden="true" />
    </Portrait>
  );
}
