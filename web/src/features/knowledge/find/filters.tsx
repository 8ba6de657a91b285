/** Where to search: in which kinds of sources, and in which document. */
import { Select } from "@/ui/select";
import { useDocuments } from "../use-documents";
import { useWords } from "../words";
import { KINDS, type Kind } from "./judge";

export interface Within {
  /** None means all. */
  kinds: Kind[];
  /** A document's id, or "" for all. */
  document: string;
}

interface FiltersProps {
  clone: string;
  within: Within;
  onChange: (within: Within) => void;
}

export function Filters({ clone, within, onChange }: FiltersProps) {
  const t = useWords();
  const documents = useDocuments(clone).documents?.filter(({ status }) => status === "completed") ?? [];
  const toggle = (kind: Kind, on: boolean): void => {
    onChange({ ...within, kinds: on ? [...within.kinds, kind] : within.kinds.filter((each) => each !== kind) });
  };
  return (
    <div className="find-filters">
      <fieldset className="chips">
        <legend>{t("find.within")}</legend>
        {KINDS.map((kind) => (
          <label key={kind} className="chip">
            <input type="checkbox" checked={within.kinds.includes(kind)} onChange={(event) => { toggle(kind, event.target.checked); }} />
            <span>{t(`find.kinds.${kind}`)}</span>
          </label>
        ))}
      </fieldset>
      {documents.length > 1 && (
        <Select label={t("find.document")} value={within.document} onChange={(document) => { onChange({ ...within, document }); }} options={[{ value: "", label: t("find.anyDocument") }, ...documents.map(({ id, title, filename }) => ({ value: id, label: title === "" ? filename : title }))]} />
      )}
    </div>
  );
}
