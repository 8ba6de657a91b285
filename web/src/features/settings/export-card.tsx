/** Everything of the person as one file, sealed with a passphrase where they want that. */
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { saveAs } from "@/ui/save-as";
import { useToasts } from "@/ui/toasts";
import { ApiError } from "@/wire/api-error";
import { everythingOfMe } from "@/wire/archives";
import { useWords } from "./words";

export function ExportCard() {
  const t = useWords();
  const toasts = useToasts();
  const [passphrase, setPassphrase] = useState("");
  const stop = useRef<AbortController | null>(null);
  const fetching = useMutation({
    mutationFn: (secret: string) => {
      stop.current = new AbortController();
      return everythingOfMe(secret, stop.current.signal);
    },
    onSuccess: (file) => {
      saveAs(file, file.name);
      toasts.show({ text: t("export.done") });
    },
  });
  const failed = fetching.error !== null && !(fetching.error instanceof ApiError && fetching.error.code === "ABORTED") ? fetching.error : null;
  return (
    <Card title={t("export.title")}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          fetching.mutate(passphrase);
        }}
      >
        <p>{t("export.text")}</p>
        {failed !== null && <ErrorNote error={failed} />}
        <TextField
          optional
          type="password"
          label={t("export.passphrase")}
          hint={t("export.passphraseHint")}
          autoComplete="new-password"
          maxLength={200}
          value={passphrase}
          onChange={(event) => {
            setPassphrase(event.target.value);
          }}
        />
        <div className="settings-row">
          <Button type="submit" icon={Download} busy={fetching.isPending}>
            {t(fetching.isPending ? "export.working" : "export.action")}
          </Button>
          {fetching.isPending && (
            <Button look="quiet" onClick={() => { stop.current?.abort(); }}>
              {t("cancel")}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
