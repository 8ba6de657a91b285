/** What is alarming, the worst first, and what to do about it. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { AlertLine } from "@/wire/api";
import { useAlertWords } from "./alert-words";
import { useWords } from "./words";

const ICONS = { critical: CircleAlert, warning: TriangleAlert, info: Info } as const;

export function AlertsCard({ alerts }: { alerts: readonly AlertLine[] }) {
  const t = useWords();
  return (
    <section aria-label={t("alerts.title")}>
      {alerts.length === 0 ? (
        <p className="operations-alert" data-level="none">
          <CircleCheck className="icon" aria-hidden="true" />
          {t("alerts.none")}
        </p>
      ) : (
        <ul className="operations-alerts">
          {alerts.map((alert) => (
            <Alert key={`${alert.code} ${alert.what}`} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Alert({ alert }: { alert: AlertLine }) {
  const t = useWords();
  const words = useAlertWords();
  const { what, action } = words(alert);
  const Icon = ICONS[alert.level];
  return (
    <li className="operations-alert" data-level={alert.level}>
      <Icon className="icon" aria-hidden="true" />
      <div>
        <p>
          <strong>{`${t(`alerts.levels.${alert.level}`)}: `}</strong>
          {what}
        </p>
        <p>{action}</p>
      </div>
    </li>
  );
}
