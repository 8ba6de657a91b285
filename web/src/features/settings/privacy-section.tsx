/** What is kept of the person who looks, until when, and by whose leave; take it along, delete it. */
import { useQuery } from "@tanstack/react-query";
import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import type { SectionBody as Section } from "@/wire/api";
import { showPrivacyOptions } from "@/wire/api/@tanstack/react-query.gen";
import { ConsentsCard } from "./consents-card";
import { ConversationsCard } from "./conversations-card";
import { EraseCard } from "./erase-card";
import { ExportCard } from "./export-card";
import { sectionName, untilOf } from "./privacy-terms";
import { useWords } from "./words";

export function PrivacySection() {
  const kept = useQuery(showPrivacyOptions());
  if (kept.isPending) return <Skeleton lines={8} />;
  if (kept.isError) return <ErrorNote error={kept.error} retry={() => void kept.refetch()} />;
  return (
    <>
      <KeptCard sections={kept.data.sections} />
      <ConversationsCard />
      <ConsentsCard consents={kept.data.consents} />
      <ExportCard />
      <EraseCard sentence={kept.data.confirmation ?? "erase everything"} />
    </>
  );
}

function KeptCard({ sections }: { sections: Record<string, Section> }) {
  const t = useWords();
  const format = useFormat();
  const rows = Object.entries(sections).map(([name, section]) => ({ name, section }));
  const amount = ({ count, bytes }: Section): string => (bytes > 0 ? t("privacy.amountBytes", { count, size: format.bytes(bytes) }) : format.number(count));
  return (
    <Card title={t("privacy.kept")}>
      <Table
        caption={t("privacy.kept")}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          {
            key: "what",
            label: t("privacy.what"),
            cell: ({ name, section }) => (
              <div className="settings-what">
                <strong>{known(name) ? t(`privacy.sections.${known(name) ?? "transcripts"}.name`) : name}</strong>
                <span className="aside">{known(name) ? t(`privacy.sections.${known(name) ?? "transcripts"}.about`) : section.about}</span>
              </div>
            ),
          },
          { key: "much", label: t("privacy.much"), align: "end", cell: ({ section }) => (section.stored ? amount(section) : <Badge>{t("privacy.nothing")}</Badge>) },
          { key: "until", label: t("privacy.until"), align: "end", cell: ({ section }) => <Until section={section} /> },
        ]}
      />
    </Card>
  );
}

const known = sectionName;

function Until({ section }: { section: Section }) {
  const t = useWords();
  const format = useFormat();
  const until = untilOf(section);
  if (until.kind === "date") return <>{format.date(until.at)}</>;
  if (until.kind === "days") return <>{t("privacy.days", { count: until.days })}</>;
  return <>{t(`privacy.${until.kind}`)}</>;
}
