/** Where something will be in a moment. Screen readers hear that it is loading, once. */
import "./states.css";
import { useUiWords } from "./words";

export function Skeleton({ lines = 3 }: { lines?: number }) {
  const t = useUiWords();
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{t("loading")}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}
