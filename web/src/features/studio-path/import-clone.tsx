/** Brings a clone that was taken along as a file. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { FileDrop } from "@/ui/file-drop";
import { Progress } from "@/ui/progress";
import { useToasts } from "@/ui/toasts";
import { listOwnClonesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { bringClone } from "@/wire/archives";
import { useWords } from "./words";

const ENDINGS = [".zip", ".selfsame"] as const;
/** Larger ones go by the command `selfsame clone import`. */
const MOST_BYTES = 990_000_000;

export function ImportClone({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={t("import.title")}>
      {open && <ImportForm onClose={onClose} />}
    </Dialog>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [iAm, setIAm] = useState("");
  const [part, setPart] = useState(0);
  const bring = useMutation({
    mutationFn: (wanted: File) => bringClone({ archive: wanted, passphrase, iAm }, { onProgress: setPart }),
    onSuccess: async (came) => {
      await queries.invalidateQueries({ queryKey: listOwnClonesQueryKey() });
      const without = Object.keys(came.leftOut);
      toasts.show({ text: t(without.length === 0 ? "import.done" : "import.doneWithout", { name: came.name, count: without.length }) });
      onClose();
      await navigate(`/studio/${encodeURIComponent(came.slug)}`);
    },
  });
  if (bring.isPending) return <Progress label={t(part < 1 ? "import.sending" : "import.reading")} value={part < 1 ? part : null} />;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (file !== null) bring.mutate(file);
      }}
    >
      {bring.error !== null && <ErrorNote error={bring.error} />}
      {file === null ? (
        <FileDrop label={t("import.label")} endings={ENDINGS} maxBytes={MOST_BYTES} onFiles={([first]) => { setFile(first ?? null); }} />
      ) : (
        <p className="chosen-file">
          <strong>{file.name}</strong>
          <button type="button" className="link" onClick={() => { setFile(null); }}>
            {t("import.other")}
          </button>
        </p>
      )}
      <TextField label={t("import.passphrase")} optional type="password" autoComplete="off" value={passphrase} onChange={(event) => { setPassphrase(event.target.value); }} />
      <TextField label={t("import.iAm")} optional hint={t("import.iAmHint")} autoComplete="name" value={iAm} onChange={(event) => { setIAm(event.target.value); }} />
      <div className="form-foot">
        <Button look="primary" type="submit" disabled={file === null}>
          {t("import.action")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("new.cancel")}
        </Button>
      </div>
    </form>
  );
}
