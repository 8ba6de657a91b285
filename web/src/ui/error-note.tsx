/** Something did not work: what happened, what to do about it, and a way to try again. */
import { TriangleAlert } from "lucide-react";
import { Button } from "./button";
import { useErrorWords } from "./error-words";
import "./states.css";
import { useUiWords } from "./words";

interface ErrorNoteProps {
  error: Error;
  /** What did not work, where "That did not work" is too little. */
  title?: string;
  retry?: () => void;
}

export function ErrorNote({ error, title, retry }: ErrorNoteProps) {
  const t = useUiWords();
  const words = useErrorWords();
  return (
    <div className="error-note" role="alert">
      <TriangleAlert className="icon" aria-hidden="true" />
      <div>
        <p className="error-note-title">{title ?? t("errors.title")}</p>
        <p>{words(error)}</p>
      </div>
      {retry !== undefined && (
        <Button size="small" onClick={retry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
