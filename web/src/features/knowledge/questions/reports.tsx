/** What people complained of in the clone's answers. It is never said who did. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { listReportsOptions, resolveReportMutation, showCloneOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { ReportItem } from "@/wire/api/types.gen";
import { useOutdate } from "../going";
import { useWords } from "../words";
import { Entry } from "./entry";

export function Reports({ clone, onCorrect }: { clone: string; onCorrect: (report: ReportItem) => void }) {
  const t = useWords();
  const found = useQuery(listReportsOptions({ query: {} }));
  const own = useQuery(showCloneOptions({ path: { slug: clone } }));
  if (found.isPending || own.isPending) return <Skeleton lines={2} />;
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (own.isError) return <ErrorNote error={own.error} retry={() => void own.refetch()} />;
  const reports = found.data.reports.filter((report) => report.clone === own.data.slug);
  const open = reports.filter(({ status }) => status === "open");
  const resolved = reports.filter(({ status }) => status === "resolved");
  return (
    <>
      {open.length === 0 ? (
        <p className="nothing">{t("reports.none")}</p>
      ) : (
        <ul className="entries" aria-label={t("reports.title")}>
          {open.map((report) => (
            <Report key={report.id} report={report} onCorrect={() => { onCorrect(report); }} />
          ))}
        </ul>
      )}
      {resolved.length > 0 && (
        <details className="left-out">
          <summary>
            <h3>{t("reports.resolved", { count: resolved.length })}</h3>
          </summary>
          <ul className="entries">
            {resolved.map((report) => (
              <Report key={report.id} report={report} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Report({ report, onCorrect }: { report: ReportItem; onCorrect?: () => void }) {
  const t = useWords();
  const format = useFormat();
  const outdate = useOutdate();
  const resolving = useMutation({ ...resolveReportMutation(), onSuccess: () => outdate("listReports") });
  const { id, reason, words, question, answer, reportedAt, resolvedAt } = report;
  const facts = t("reports.on", { date: format.date(reportedAt) }) + (resolvedAt === null ? "" : ` · ${t("reports.done", { date: format.date(resolvedAt) })}`);
  return (
    <Entry
      title={question ?? t("reports.unsaid")}
      facts={facts}
      actions={
        onCorrect !== undefined && (
          <>
            <Button size="small" onClick={onCorrect}>
              {t("reports.correct")}
            </Button>
            <Button size="small" look="quiet" busy={resolving.isPending} onClick={() => { resolving.mutate({ path: { report_id: id }, body: {} }); }}>
              {t("reports.resolve")}
            </Button>
          </>
        )
      }
    >
      <p>
        <Badge tone="warn">{t(`reports.reason.${reason}`)}</Badge>
      </p>
      {words !== "" && <blockquote className="said">{words}</blockquote>}
      {answer !== null && (
        <div className="said">
          <p className="product-detail">{t("reports.answered")}</p>
          <p className="hit-text">{answer}</p>
        </div>
      )}
      {resolving.error !== null && <ErrorNote error={resolving.error} />}
    </Entry>
  );
}
