/** One field: learnt, mine and what counts beside each other; edited in place, and reset to what was learnt. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, RotateCcw } from "lucide-react";
import { useRef, useState, type ReactNode, type RefObject } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import type { Evidence as EvidenceItem, PersonaEdit, ProfileField } from "@/wire/api";
import { editPersonaMutation, showPersonaQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { Evidence } from "./evidence";
import { FieldEditor } from "./field-editor";
import { fieldOf } from "./profile";
import { Shown } from "./shown";
import { useWords } from "./words";

interface FieldRowProps {
  row: ProfileField;
  clone: string;
  evidence: readonly EvidenceItem[];
  /** It was learnt anew just now. */
  isNew: boolean;
}

export function FieldRow({ row, clone, evidence, isNew }: FieldRowProps) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLSpanElement>(null);
  const edit = useEdit(clone);
  const field = fieldOf(row.field);
  if (field === null) return null;
  const close = (): void => {
    setEditing(false);
    edit.reset();
    requestAnimationFrame(() => pencil.current?.querySelector("button")?.focus());
  };
  const send = (change: Omit<PersonaEdit, "clone">): void => {
    edit.mutate({ body: { clone, ...change } }, { onSuccess: close });
  };
  return (
    <li className="manner-row">
      <div className="manner-name">
        <h3>{t(`fields.${field}`)}</h3>
        {isNew && <Badge tone="good">{t("isNew")}</Badge>}
      </div>
      <Cell label={t("auto")}>
        <Shown field={field} value={row.auto} nothing={t("notKnown")} />
        <Evidence items={evidence} />
      </Cell>
      <Cell label={t("mine")}>{row.overridden ? <Shown field={field} value={row.mine} nothing={t("saidNone")} /> : <span className="manner-quiet">–</span>}</Cell>
      <Cell label={t("merged")}>
        <Shown field={field} value={row.merged} nothing="–" strong />
      </Cell>
      <div className="manner-acts">
        {edit.error !== null && <ErrorNote error={edit.error} />}
        {editing ? (
          <FieldEditor field={field} start={row.overridden ? row.mine : row.auto} busy={edit.isPending} onKeep={(value) => { send({ overrides: { [field]: value } }); }} onCancel={close} />
        ) : (
          <Acts name={t(`fields.${field}`)} overridden={row.overridden} busy={edit.isPending} pencil={pencil} onEdit={() => { setEditing(true); }} onReset={() => { send({ reset: [field] }); }} />
        )}
      </div>
    </li>
  );
}

function useEdit(clone: string) {
  const queries = useQueryClient();
  return useMutation({
    ...editPersonaMutation(),
    onSuccess: (after) => {
      queries.setQueryData(showPersonaQueryKey({ query: { clone } }), after);
    },
  });
}

interface ActsProps {
  name: string;
  overridden: boolean;
  busy: boolean;
  pencil: RefObject<HTMLSpanElement | null>;
  onEdit: () => void;
  onReset: () => void;
}

function Acts({ name, overridden, busy, pencil, onEdit, onReset }: ActsProps) {
  const t = useWords();
  return (
    <span className="manner-buttons" ref={pencil}>
      <Button size="small" look="quiet" icon={Pencil} aria-label={`${t("edit")}: ${name}`} onClick={onEdit}>
        {t("edit")}
      </Button>
      {overridden && (
        <Button size="small" look="quiet" icon={RotateCcw} busy={busy} aria-label={`${t("reset")}: ${name}`} onClick={onReset}>
          {t("reset")}
        </Button>
      )}
    </span>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="manner-cell">
      <span className="manner-label">{label}</span>
      {children}
    </div>
  );
}
