/** Takes a clone along as one file. */
import { useEffect, useRef, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { saveAs } from "@/ui/save-as";
import { useToasts } from "@/ui/toasts";
import type { OwnClone } from "@/wire/api";
import { asApiError, type ApiError } from "@/wire/api-error";
import { cloneArchive } from "@/wire/archives";
import { useWords } from "./words";

export function ExportClone({ clone, open, onClose }: { clone: OwnClone; open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={t("export.title", { name: clone.name })}>
      {open && <ExportForm clone={clone} onClose={onClose} />}
    </Dialog>
  );
}

function ExportForm({ clone, onClose }: { clone: OwnClone; onClose: () => void }) {
  const t = useWords();
  const toasts = useToasts();
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const leaving = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      leaving.current?.abort();
    },
    [],
  );
  const take = async (): Promise<void> => {
    leaving.current = new AbortController();
    setBusy(true);
    setError(null);
    try {
      const { file, lost } = await cloneArchive(clone.slug, passphrase, leaving.current.signal);
      saveAs(file, file.name);
      if (lost > 0) toasts.show({ tone: "bad", text: t("export.without", { count: lost }) });
      onClose();
    } catch (thrown) {
      const failure = asApiError(thrown);
      if (failure.code !== "ABORTED") setError(failure);
      setBusy(false);
    }
  };
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void take();
      }}
    >
      <p>{t("export.text")}</p>
      {error !== null && <ErrorNote error={error} />}
      <TextField label={t("export.passphrase")} optional hint={t("export.passphraseHint")} type="password" autoComplete="new-password" value={passphrase} onChange={(event) => { setPassphrase(event.target.value); }} />
      <div className="form-foot">
        <Button look="primary" type="submit" busy={busy}>
          {t("export.action")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("new.cancel")}
        </Button>
      </div>
    </form>
  );
}
