/** A clone in small: its face where it has one, else the first letter of its name. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { unpackPictures } from "@/media/face/painter";
import { readRig } from "@/media/face/rig";
import { useFileUrl } from "@/ui/use-file-url";
import type { FaceModelItem, OwnClone } from "@/wire/api";
import { listFacesOptions } from "@/wire/api/@tanstack/react-query.gen";
import { loadText } from "@/wire/session";

export function ClonePicture({ clone, large = false }: { clone: OwnClone; large?: boolean }) {
  const faces = useQuery({ ...listFacesOptions(), enabled: clone.hasFace });
  const face = faces.data?.faceModels.find(({ faceModelId }) => faceModelId === clone.faceModelId);
  return (
    <span className="clone-picture" data-large={large} aria-hidden="true">
      <span className="clone-letter">{Array.from(clone.name)[0]}</span>
      {face !== undefined && (face.previewUrl === undefined ? <Drawn face={face} /> : <Photo path={face.previewUrl} />)}
    </span>
  );
}

function Photo({ path }: { path: string }) {
  const { url } = useFileUrl(path);
  return url === null ? null : <img src={url} alt="" />;
}

/** A face without a preview: the picture in its rig. */
function Drawn({ face }: { face: FaceModelItem }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const leaving = new AbortController();
    void draw(face.faceModelId, canvas, leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) console.warn("the face's picture cannot be shown", error);
    });
    return () => {
      leaving.abort();
    };
  }, [face.faceModelId]);
  return <canvas ref={canvas} />;
}

async function draw(id: string, canvas: { current: HTMLCanvasElement | null }, signal: AbortSignal): Promise<void> {
  const { photo } = await unpackPictures(readRig(await loadText(`/face-model/${id}/rig`, signal)));
  if (signal.aborted || canvas.current === null) return;
  canvas.current.width = canvas.current.height = 256;
  canvas.current.getContext("2d")?.drawImage(photo, 0, 0, 256, 256);
}
