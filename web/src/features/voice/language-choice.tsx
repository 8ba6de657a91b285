/** The language that is spoken in recordings. */
import { LANGUAGES } from "@/ui/i18n/language";
import { Select } from "@/ui/select";
import type { Language } from "./orders";

const OPTIONS = LANGUAGES.map(({ code, name }) => ({ value: code.toUpperCase() as Language, label: name }));

export function LanguageChoice({ label, value, onChange }: { label: string; value: Language; onChange: (language: Language) => void }) {
  return <Select label={label} options={OPTIONS} value={value} onChange={onChange} />;
}
