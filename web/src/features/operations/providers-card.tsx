/** The engines: which does what, whether it is well, and what would make it well. */
import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import type { Provider } from "@/wire/api";
import { roleOf, toneOfStatus } from "./terms";
import { useWords } from "./words";

export function ProvidersCard({ providers }: { providers: readonly Provider[] }) {
  const t = useWords();
  const rank = { down: 0, degraded: 1, up: 2 } as const;
  const sorted = [...providers].sort((one, two) => rank[one.status ?? "up"] - rank[two.status ?? "up"] || Number(two.chosen) - Number(one.chosen));
  return (
    <Card title={t("providers.title")}>
      <ul className="rows">
        {sorted.map((provider) => (
          <Engine key={`${provider.role} ${provider.name}`} provider={provider} />
        ))}
      </ul>
    </Card>
  );
}

function Engine({ provider }: { provider: Provider }) {
  const t = useWords();
  const format = useFormat();
  const role = roleOf(provider.role);
  const status = provider.status ?? "up";
  const breaker = provider.breaker ?? null;
  return (
    <li>
      <div className="operations-provider-head">
        <p>
          <strong>{provider.name}</strong>
          <span className="aside">{` ${role === null ? provider.role : t(`roles.${role}`)}`}</span>
        </p>
        <Badge tone={toneOfStatus(status)}>{t(`providers.status.${status}`)}</Badge>
      </div>
      <p className="aside">
        {[
          t("providers.calls", { calls: format.number(provider.calls ?? 0), failures: format.number(provider.failures ?? 0) }),
          provider.latency.p50Ms === null || provider.latency.p50Ms === undefined ? null : t("providers.quick", { ms: format.duration(provider.latency.p50Ms) }),
          breaker === null || breaker === "closed" ? null : t(breaker === "open" ? "providers.open" : "providers.half"),
        ]
          .filter((part) => part !== null)
          .join(" · ")}
      </p>
      {provider.lastError && (
        <p className="operations-error">
          {t("providers.lastError", { code: provider.lastError, when: provider.lastErrorAt ? format.clock(provider.lastErrorAt) : "" })}
          {provider.lastErrorMessage && <span>{` ${provider.lastErrorMessage}`}</span>}
        </p>
      )}
      {provider.hint && (
        <p className="operations-hint">
          {t("providers.hint")} <code>{provider.hint}</code>
        </p>
      )}
    </li>
  );
}
