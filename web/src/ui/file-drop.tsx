/** A place for files: a button that opens the chooser, and a field to drop them on. Kinds and sizes are checked here first. */
import { Upload } from "lucide-react";
import { useId, useRef, useState, type DragEvent } from "react";
import { Button } from "./button";
import "./file-drop.css";
import { useFormat, type Format } from "./i18n/format";
import type { Say } from "./i18n/words";
import { useUiWords } from "./words";
import type words from "./words/en.json";

export interface FileRules {
  /** Endings with the dot, in lower case: [".wav", ".mp3"]. */
  endings: readonly string[];
  maxBytes: number;
  /** How many at once; 1 without `many`. */
  many?: number;
}

interface FileDropProps extends FileRules {
  /** What files are wanted, in plain words. */
  label: string;
  /** The kinds in words, where a list of endings is too long to read. */
  kinds?: string;
  /** Take those files that can be taken and say what is wrong with the others, instead of taking none. */
  eachAlone?: boolean;
  disabled?: boolean;
  onFiles: (files: File[]) => void;
}

export function FileDrop({ label, kinds: said, eachAlone = false, disabled = false, onFiles, ...rules }: FileDropProps) {
  const t = useUiWords();
  const format = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const many = (rules.many ?? 1) > 1;
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    const { good, wrong } = eachAlone ? sorted(files, rules, t, format) : together(files, rules, t, format);
    setProblems(wrong);
    if (good.length > 0) onFiles(good);
  };
  const drag = (event: DragEvent, inside: boolean): void => {
    event.preventDefault();
    setOver(inside && !disabled);
  };
  return (
    <div
      className="file-drop"
      data-over={over}
      role="group"
      aria-labelledby={id}
      onDragOver={(event) => { drag(event, true); }}
      onDragLeave={(event) => { drag(event, false); }}
      onDrop={(event) => {
        drag(event, false);
        if (!disabled) take(event.dataTransfer.files);
      }}
    >
      <Upload className="icon" aria-hidden="true" />
      <p id={id} className="file-drop-label">{label}</p>
      <p className="file-drop-choose">
        <Button size="small" disabled={disabled} onClick={() => { input.current?.click(); }}>
          {t(many ? "drop.choose" : "drop.chooseOne")}
        </Button>
        <span className="needs-pointer">{t(many ? "drop.or" : "drop.orOne")}</span>
      </p>
      <p className="file-drop-limits">{t("drop.limits", { kinds: said ?? kinds(rules), size: format.bytes(rules.maxBytes) })}</p>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={many}
        accept={rules.endings.join(",")}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <Problems words={problems} />
    </div>
  );
}

function Problems({ words }: { words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <div className="file-drop-problems" role="alert">
      {words.map((problem) => (
        <p key={problem} className="field-error">
          {problem}
        </p>
      ))}
    </div>
  );
}

function kinds({ endings }: FileRules): string {
  return endings.map((ending) => ending.slice(1).toUpperCase()).join(", ");
}

/** The first thing that is wrong with the files, in words; null when all can be taken. */
export function whatIsWrong(files: readonly File[], rules: FileRules, t: Say<typeof words>, format: Format): string | null {
  if (files.length > (rules.many ?? 1)) return t("drop.tooMany", { count: rules.many ?? 1 });
  for (const { name, size } of files) {
    if (!rules.endings.some((ending) => name.toLowerCase().endsWith(ending))) return t("drop.wrongKind", { name, kinds: kinds(rules) });
    if (size === 0) return t("drop.empty", { name });
    if (size > rules.maxBytes) return t("drop.tooLarge", { name, size: format.bytes(size), limit: format.bytes(rules.maxBytes) });
  }
  return null;
}

interface Sorted {
  good: File[];
  wrong: string[];
}

/** All files, or none with the first thing that is wrong. */
function together(files: File[], rules: FileRules, t: Say<typeof words>, format: Format): Sorted {
  const wrong = whatIsWrong(files, rules, t, format);
  return wrong === null ? { good: files, wrong: [] } : { good: [], wrong: [wrong] };
}

/** The files that can be taken, and what is wrong with each of the others. Too many at once: none is taken. */
export function sorted(files: readonly File[], rules: FileRules, t: Say<typeof words>, format: Format): Sorted {
  const many = rules.many ?? 1;
  if (files.length > many) return { good: [], wrong: [t("drop.tooMany", { count: many })] };
  const judged = files.map((file) => ({ file, wrong: whatIsWrong([file], rules, t, format) }));
  return {
    good: judged.filter(({ wrong }) => wrong === null).map(({ file }) => file),
    wrong: judged.flatMap(({ wrong }) => wrong ?? []),
  };
}
