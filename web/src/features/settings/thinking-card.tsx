/** Which engine forms the answers: a provider whose key is kept, or this machine alone. Speaking has no other engine as yet. */
import { useQuery } from "@tanstack/react-query";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import type { KeyItem } from "@/wire/api";
import { showSettingsOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useChange } from "./use-change";
import { useWords } from "./words";

const MINDS = ["auto", "embedded"] as const;

export function ThinkingCard({ keys }: { keys: readonly KeyItem[] }) {
  const t = useWords();
  const settings = useQuery(showSettingsOptions());
  const change = useChange();
  const hasKey = keys.some(({ usedFor, isSet }) => usedFor === "llm" && isSet);
  return (
    <Card title={t("keys.thinking.title")}>
      {settings.isPending && <Skeleton lines={2} />}
      {settings.isError && <ErrorNote error={settings.error} retry={() => void settings.refetch()} />}
      {settings.isSuccess && (
        <div className="settings-fields">
          <Select
            label={t("keys.thinking.label")}
            hint={t(hasKey ? "keys.thinking.hint" : "keys.thinking.none")}
            value={settings.data.preferredLLMProvider === "embedded" ? "embedded" : "auto"}
            options={MINDS.map((value) => ({ value, label: t(`keys.thinking.${value}`) }))}
            onChange={(preferredLLMProvider) => { change({ preferredLLMProvider }); }}
          />
        </div>
      )}
    </Card>
  );
}
