/** Writing one's own words for a field, or that there is nothing of the kind. */
import { useEffect, useRef, useState } from "react";
import { Button } from "@/ui/button";
import { AreaField } from "@/ui/field";
import { Select } from "@/ui/select";
import { CHOICES, isChoice, isList, longest, MOST_ITEMS, problemOf, textOf, valueOf, type FieldName, type Value } from "./profile";
import { useWords } from "./words";

interface FieldEditorProps {
  field: FieldName;
  start: Value;
  busy: boolean;
  /** Null: there is nothing of the kind. */
  onKeep: (value: string | string[] | null) => void;
  onCancel: () => void;
}

export function FieldEditor({ field, start, busy, onKeep, onCancel }: FieldEditorProps) {
  const t = useWords();
  const [text, setText] = useState(textOf(start));
  const [tried, setTried] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("textarea, select")?.focus();
  }, []);
  const problem = problemOf(field, text);
  const error = tried && problem !== null ? t(`problems.${problem}`, { most: problem === "many" ? MOST_ITEMS : longest(field) }) : undefined;
  const name = t(`fields.${field}`);
  return (
    <form
      className="manner-editor"
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problem === null) onKeep(valueOf(field, text));
      }}
    >
      {isChoice(field) ? (
        <Select label={name} {...(error === undefined ? {} : { error })} value={text} onChange={setText} options={[{ value: "", label: t("choose"), disabled: true }, ...CHOICES[field].map((value) => ({ value, label: t(`choices.${value}`) }))]} />
      ) : (
        <AreaField label={name} hint={isList(field) ? t("oneALine") : undefined} error={error} value={text} rows={isList(field) ? 5 : 3} onChange={(event) => { setText(event.target.value); }} />
      )}
      <div className="manner-buttons">
        <Button type="submit" look="primary" size="small" busy={busy}>
          {t("keep")}
        </Button>
        <Button size="small" disabled={busy} onClick={() => { onKeep(null); }}>
          {t("none")}
        </Button>
        <Button look="quiet" size="small" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
