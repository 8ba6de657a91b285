/** The clones of the person who is signed in, and the way to a new one. */
import { useQuery } from "@tanstack/react-query";
import { FileUp, Hammer, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { listOwnClonesOptions } from "@/wire/api/@tanstack/react-query.gen";
import { CloneCard } from "./clone-card";
import { ImportClone } from "./import-clone";
import { NewCloneDialog } from "./new-clone";
import "./studio.css";
import { useWords } from "./words";

export default function StudioPage() {
  const t = useWords();
  const clones = useQuery({ ...listOwnClonesOptions(), select: (answer) => answer.clones });
  const [open, setOpen] = useState<"new" | "import" | null>(null);
  const own = clones.data ?? [];
  const empty = clones.data !== undefined && !own.some(({ demonstration }) => !demonstration);
  const begin = (
    <Button look="primary" icon={Plus} onClick={() => { setOpen("new"); }}>
      {t("new.open")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        clones.data !== undefined && (
          <>
            <Button icon={FileUp} onClick={() => { setOpen("import"); }}>
              {t("import.open")}
            </Button>
            {!empty && begin}
          </>
        )
      }
    >
      {clones.isPending && <Skeleton lines={5} />}
      {clones.isError && <ErrorNote error={clones.error} retry={() => void clones.refetch()} />}
      {empty && <EmptyState icon={Hammer} title={t("emptyTitle")} text={t("emptyText")} action={begin} />}
      {own.length > 0 && (
        <ul className="clone-cards">
          {own.map((clone) => (
            <li key={clone.id}>
              <CloneCard clone={clone} />
            </li>
          ))}
        </ul>
      )}
      <NewCloneDialog open={open === "new"} onClose={() => { setOpen(null); }} />
      <ImportClone open={open === "import"} onClose={() => { setOpen(null); }} />
    </Page>
  );
}
