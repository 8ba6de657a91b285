/** One provider's key: whether it is kept, what came of the last try, and what can be done with it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { useToasts } from "@/ui/toasts";
import type { KeyItem } from "@/wire/api";
import { checkKeyMutation, listKeysQueryKey, removeKeyMutation } from "@/wire/api/@tanstack/react-query.gen";
import { KeyForm } from "./key-form";
import { toneOf } from "./key-state";
import { useWords } from "./words";

export function KeyCard({ item }: { item: KeyItem }) {
  const t = useWords();
  const [writing, setWriting] = useState(false);
  const state = item.check?.state ?? "";
  const badge = item.isSet ? <Badge tone={toneOf(state)}>{t(`keys.states.${state === "" ? "kept" : state}`)}</Badge> : <Badge>{t("keys.states.none")}</Badge>;
  return (
    <Card title={item.title} actions={badge}>
      <KeyFacts item={item} />
      {writing ? (
        <KeyForm
          item={item}
          onDone={() => {
            setWriting(false);
          }}
        />
      ) : (
        <KeyActions
          item={item}
          onWrite={() => {
            setWriting(true);
          }}
        />
      )}
    </Card>
  );
}

function KeyFacts({ item }: { item: KeyItem }) {
  const t = useWords();
  const format = useFormat();
  return (
    <div className="settings-facts">
      <p>{t(item.usedFor === "" ? "keys.useNone" : "keys.useLlm")}</p>
      {item.isSet && item.setAt && (
        <p>
          {t("keys.since", { date: format.dateTime(item.setAt) })}
          {item.model ? ` · ${item.model}` : ""}
          {item.baseUrl ? ` · ${item.baseUrl}` : ""}
        </p>
      )}
      {item.check && item.check.state !== "" && (
        <p data-tone={toneOf(item.check.state)}>
          {t(`keys.told.${item.check.state}`)}
          {item.check.state !== "works" && item.check.state !== "unused" && item.check.message !== "" && <span className="aside">{` (${item.check.message})`}</span>}
        </p>
      )}
    </div>
  );
}

function KeyActions({ item, onWrite }: { item: KeyItem; onWrite: () => void }) {
  const t = useWords();
  const confirm = useConfirm();
  const toasts = useToasts();
  const queries = useQueryClient();
  const told = (): Promise<void> => queries.invalidateQueries({ queryKey: listKeysQueryKey() });
  const check = useMutation({ ...checkKeyMutation(), onSuccess: told });
  const remove = useMutation({
    ...removeKeyMutation(),
    onSuccess: async () => {
      await told();
      toasts.show({ text: t("keys.removed", { name: item.title }) });
    },
  });
  const path = { provider: item.provider };
  const ask = async (): Promise<void> => {
    if (await confirm({ title: t("keys.removeTitle", { name: item.title }), text: t("keys.removeText"), action: t("keys.remove") })) remove.mutate({ path });
  };
  const failure = check.error ?? remove.error;
  return (
    <>
      {failure !== null && <ErrorNote error={failure} />}
      <div className="settings-row">
        <Button look={item.isSet ? "secondary" : "primary"} onClick={onWrite} aria-label={`${t(item.isSet ? "keys.replace" : "keys.enter")}: ${item.title}`}>
          {t(item.isSet ? "keys.replace" : "keys.enter")}
        </Button>
        {item.isSet && item.usedFor !== "" && (
          <Button busy={check.isPending} onClick={() => { check.mutate({ path }); }}>
            {t("keys.check")}
          </Button>
        )}
        {item.isSet && (
          <Button look="quiet" busy={remove.isPending} onClick={() => void ask()}>
            {t("keys.remove")}
          </Button>
        )}
      </div>
    </>
  );
}
