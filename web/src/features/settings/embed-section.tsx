/** Showing a clone on one's own site: the code to copy, and what must be allowed for it. */
import { useQuery } from "@tanstack/react-query";
import { Code } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { Choice } from "@/ui/choice";
import { CopyText } from "@/ui/copy-text";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import type { OwnClone } from "@/wire/api";
import { listOwnClonesOptions } from "@/wire/api/@tanstack/react-query.gen";
import { buttonCode, frameCode, POSITIONS, SIZES, type Position, type Size } from "./embed-code";
import { useWords } from "./words";

const ALLOW = "SELFSAME_EMBED_ORIGINS=https://www.example.org";

export function EmbedSection() {
  const t = useWords();
  const clones = useQuery(listOwnClonesOptions());
  if (clones.isPending) return <Skeleton lines={5} />;
  if (clones.isError) return <ErrorNote error={clones.error} retry={() => void clones.refetch()} />;
  const first = (
    <ButtonLink look="primary" to="/studio">
      {t("voices.toStudio")}
    </ButtonLink>
  );
  if (clones.data.clones.length === 0) return <EmptyState icon={Code} title={t("voices.emptyTitle")} text={t("embed.emptyText")} action={first} />;
  return <Maker clones={clones.data.clones} />;
}

function Maker({ clones }: { clones: readonly OwnClone[] }) {
  const t = useWords();
  const wanted = useSearchParams()[0].get("clone");
  const [slug, setSlug] = useState((clones.find((clone) => clone.slug === wanted) ?? clones[0])?.slug ?? "");
  const [position, setPosition] = useState<Position>("right");
  const [size, setSize] = useState<Size>("medium");
  const chosen = clones.find((clone) => clone.slug === slug);
  return (
    <>
      <p className="settings-lead">{t("embed.lead")}</p>
      <Card title={t("embed.choose")}>
        <div className="settings-fields">
          <Select label={t("embed.who")} value={slug} onChange={setSlug} options={clones.map((clone) => ({ value: clone.slug, label: clone.name }))} />
          {chosen?.public === false && <p role="status">{t("embed.notPublic", { name: chosen.name })}</p>}
          <Choice label={t("embed.position")} value={position} onChange={setPosition} options={POSITIONS.map((value) => ({ value, label: t(`embed.positions.${value}`) }))} />
          <Choice label={t("embed.size")} value={size} onChange={setSize} options={SIZES.map((value) => ({ value, label: t(`embed.sizes.${value}`) }))} />
        </div>
      </Card>
      <Card title={t("embed.button")}>
        <p className="settings-lead">{t("embed.buttonText")}</p>
        <CopyText label={t("embed.code")} text={buttonCode(location.origin, slug, position, size)} />
      </Card>
      <Card title={t("embed.frame")}>
        <p className="settings-lead">{t("embed.frameText")}</p>
        <CopyText label={t("embed.code")} text={frameCode(location.origin, slug, size)} />
      </Card>
      <Card title={t("embed.allow")}>
        <p className="settings-lead">{t("embed.allowText")}</p>
        <CopyText label={t("embed.setting")} text={ALLOW} />
      </Card>
    </>
  );
}
