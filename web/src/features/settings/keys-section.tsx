/** Keys of other providers. A key goes in and never comes back out: it can be tried, replaced and removed. */
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { listKeysOptions } from "@/wire/api/@tanstack/react-query.gen";
import { KeyCard } from "./key-card";
import { ThinkingCard } from "./thinking-card";
import { useWords } from "./words";

export function KeysSection() {
  const t = useWords();
  const keys = useQuery(listKeysOptions());
  if (keys.isPending) return <Skeleton lines={6} />;
  if (keys.isError) return <ErrorNote error={keys.error} retry={() => void keys.refetch()} />;
  if (keys.data.keys.length === 0) return <EmptyState icon={KeyRound} title={t("keys.emptyTitle")} text={t("keys.emptyText")} />;
  const used = keys.data.keys.filter((item) => item.usedFor !== "" || item.isSet);
  const others = keys.data.keys.filter((item) => !used.includes(item));
  return (
    <>
      <p className="settings-lead">{t("keys.lead")}</p>
      <ThinkingCard keys={keys.data.keys} />
      {used.map((item) => (
        <KeyCard key={item.provider} item={item} />
      ))}
      {others.length > 0 && (
        <details className="more">
          <summary>{t("keys.others", { count: others.length })}</summary>
          <p className="settings-lead">{t("keys.othersHint")}</p>
          <div className="settings-content">
            {others.map((item) => (
              <KeyCard key={item.provider} item={item} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}
