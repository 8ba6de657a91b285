/** Erasing everything, for good. The sentence is typed by hand, so that nobody does it by a slip. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { useToasts } from "@/ui/toasts";
import { eraseMe } from "@/wire/api";
import { forgetSession } from "@/wire/session";
import { isSentence } from "./privacy-terms";
import { useWords } from "./words";

export function EraseCard({ sentence }: { sentence: string }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Card title={t("erase.title")}>
      <p className="settings-lead">{t("erase.text")}</p>
      <div className="settings-row">
        <Button look="danger" onClick={() => { setOpen(true); }}>
          {t("erase.open")}
        </Button>
      </div>
      <EraseDialog sentence={sentence} open={open} close={() => { setOpen(false); }} />
    </Card>
  );
}

function EraseDialog({ sentence, open, close }: { sentence: string; open: boolean; close: () => void }) {
  const t = useWords();
  const toasts = useToasts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const erase = useMutation({
    mutationFn: () => eraseMe({ body: { confirm: sentence }, throwOnError: true }),
    onSuccess: () => {
      forgetSession();
      queries.clear();
      toasts.show({ text: t("erase.done") });
      void navigate("/");
    },
  });
  const leave = (): void => {
    setTyped("");
    erase.reset();
    close();
  };
  return (
    <Dialog
      open={open}
      title={t("erase.title")}
      onClose={leave}
      actions={
        <>
          <Button onClick={leave}>{t("cancel")}</Button>
          <Button look="danger" disabled={!isSentence(typed, sentence)} busy={erase.isPending} onClick={() => { erase.mutate(); }}>
            {t("erase.action")}
          </Button>
        </>
      }
    >
      <div className="form">
        <p>{t("erase.warning")}</p>
        {erase.error !== null && <ErrorNote error={erase.error} />}
        <TextField
          label={t("erase.type", { sentence })}
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
      </div>
    </Dialog>
  );
}
