/** A field's value as people read it: a word for a choice, pills for a list. */
import { CHOICES, isChoice, isNothing, type FieldName, type Value } from "./profile";
import { useWords } from "./words";

interface ShownProps {
  field: FieldName;
  value: Value;
  /** What stands there when there is nothing. */
  nothing: string;
  strong?: boolean;
}

export function Shown({ field, value, nothing, strong = false }: ShownProps) {
  const say = useChoiceWords();
  if (value === null || isNothing(value)) return <span className="manner-quiet">{nothing}</span>;
  if (typeof value === "string") return <span className={strong ? "manner-strong" : undefined}>{say(field, value)}</span>;
  return (
    <ul className="manner-pills" data-strong={strong}>
      {value.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

/** A choice in the page's language; anything else as it is. */
export function useChoiceWords(): (field: FieldName, value: string) => string {
  const t = useWords();
  return (field, value) => {
    const known = isChoice(field) ? CHOICES[field].find((one) => one === value) : undefined;
    return known === undefined ? value : t(`choices.${known}`);
  };
}
