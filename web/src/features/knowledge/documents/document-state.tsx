/** How far a document is, in a word or with a bar. */
import { Badge } from "@/ui/badge";
import { useCodeWords } from "@/ui/error-words";
import { useFormat } from "@/ui/i18n/format";
import { Progress } from "@/ui/progress";
import type { DocumentItem } from "@/wire/api/types.gen";
import { adviceOf } from "../advice";
import { isBusy, stepOf, type Step } from "../shapes";
import { useWords } from "../words";

export function DocumentState({ document }: { document: DocumentItem }) {
  const t = useWords();
  const step = useStepWords();
  const { status, errorCode, progress, message } = document;
  if (isBusy(document)) return <Progress label={t("state.busy")} value={progress} detail={step(stepOf(message))} />;
  if (status === "completed") return <Badge tone="good">{t("state.known")}</Badge>;
  if (errorCode === "CANCELLED") return <Badge>{t("state.stopped")}</Badge>;
  if (errorCode === "DUPLICATE") return <Badge tone="warn">{t("state.twin")}</Badge>;
  return <Badge tone="bad">{t("state.failed")}</Badge>;
}

function useStepWords(): (step: Step) => string {
  const t = useWords();
  const format = useFormat();
  return (step) => {
    switch (step.key) {
      case "passages":
        return t("step.passages", { done: format.number(step.done), total: format.number(step.total) });
      case "other":
        return step.text;
      case "waiting":
      case "fetching":
      case "reading":
      case "understanding":
        return t(`step.${step.key}`);
    }
  };
}

/** The server's advice in the page's language, where it is known; else what its code means. */
export function useAdvice(): (message: string, code?: string | null) => string {
  const t = useWords();
  const words = useCodeWords();
  return (message, code) => {
    const advice = adviceOf(message);
    if (advice === null) return code == null ? message : words(code, message);
    return [t(`advice.${advice.key}`, advice.values), ...(advice.older ? [t("advice.older")] : [])].join(" ");
  };
}
