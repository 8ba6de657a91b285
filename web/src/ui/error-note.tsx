/** Something did not work: what happened, what to do about it, and a way to try again. */
import { TriangleAlert } from "lucide-react";
import { ApiError } from "@/wire/api-error";
import { Button } from "./button";
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

const OWN_WORDS = {
  UNREACHABLE: "errors.unreachable",
  TIMEOUT: "errors.timeout",
  BAD_ANSWER: "errors.badAnswer",
  UNAUTHENTICATED: "errors.signIn",
  OVERLOADED: "errors.busy",
  RATE_LIMITED: "errors.tooOften",
} as const;

/** Says an error to a person: in their language where the page knows it, else in the server's words. */
export function useErrorWords(): (error: Error) => string {
  const t = useUiWords();
  return (error) => {
    if (!(error instanceof ApiError)) return t("errors.unknown");
    const own = (OWN_WORDS as Record<string, (typeof OWN_WORDS)[keyof typeof OWN_WORDS] | undefined>)[error.code];
    return own === undefined ? error.message : t(own);
  };
}
