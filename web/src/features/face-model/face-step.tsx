/** The step of the path on which the face is made: the faces there are, and the way to another one. */
import { useState } from "react";
import { useParams } from "react-router";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import type { OwnClone } from "@/wire/api";
import { AddPictures } from "./add-pictures";
import { ConsentNeeded } from "./consent-needed";
import "./face-model.css";
import { FaceList } from "./face-list";
import { isMaking, useCloneOf, useFaceConsent, useFaces } from "./face-state";
import { useWords } from "./words";

export default function FaceStep() {
  const t = useWords();
  const { clone: slug = "" } = useParams();
  const clone = useCloneOf(slug);
  return (
    <Page title={t("title")} lead={t("lead")}>
      {clone.isPending && <Skeleton />}
      {clone.isError && <ErrorNote error={clone.error} retry={() => void clone.refetch()} />}
      {clone.data !== undefined && <Faces clone={clone.data} />}
    </Page>
  );
}

function Faces({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const faces = useFaces(clone);
  const consent = useFaceConsent();
  const [adding, setAdding] = useState(false);
  if (faces.isPending) return <Skeleton lines={4} />;
  if (faces.isError) return <ErrorNote error={faces.error} retry={() => void faces.refetch()} />;
  const list = faces.data;
  const making = list.some(isMaking);
  const open = adding || !list.some((face) => face.status !== "failed");
  return (
    <div className="face-step">
      <FaceList clone={clone} faces={list} />
      {consent === false && !clone.demonstration ? (
        <ConsentNeeded slug={clone.slug} />
      ) : open && !making ? (
        <AddPictures clone={clone} onSent={() => { setAdding(false); }} onCancel={list.length > 0 ? () => { setAdding(false); } : null} />
      ) : (
        !making && (
          <div>
            <button type="button" className="link" onClick={() => { setAdding(true); }}>
              {t("another")}
            </button>
          </div>
        )
      )}
    </div>
  );
}
