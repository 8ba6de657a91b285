/** One clone on the studio's first page: who it is, what it has, what is missing, and what to do with it. */
import { Download, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { Badge } from "@/ui/badge";
import { ButtonLink, IconButton } from "@/ui/button";
import "@/ui/card.css";
import { useFormat } from "@/ui/i18n/format";
import { Menu, MenuItem } from "@/ui/menu";
import type { OwnClone } from "@/wire/api";
import { ClonePicture } from "./clone-picture";
import { DeleteClone } from "./delete-clone";
import { ExportClone } from "./export-clone";
import { missingOf } from "./steps";
import { useWords } from "./words";

export function CloneCard({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const format = useFormat();
  const [open, setOpen] = useState<"export" | "delete" | null>(null);
  const close = (): void => { setOpen(null); };
  const missing = missingOf(clone);
  const { total, reading } = clone.documents;
  const to = `/studio/${encodeURIComponent(clone.slug)}`;
  return (
    <article className="card clone-card" aria-label={clone.name}>
      <div className="clone-card-head">
        <ClonePicture clone={clone} />
        <div>
          <h2>
            <Link to={to}>{clone.name}</Link>
          </h2>
          <p className="studio-soft">{clone.description !== "" ? clone.description : t("card.noDescription")}</p>
        </div>
        <Menu trigger={<IconButton label={t("card.more", { name: clone.name })} icon={Ellipsis} />}>
          <MenuItem icon={Download} onSelect={() => { setOpen("export"); }}>{t("export.open")}</MenuItem>
          {!clone.demonstration && <MenuItem icon={Trash2} danger onSelect={() => { setOpen("delete"); }}>{t("delete.open")}</MenuItem>}
        </Menu>
      </div>
      <ul className="clone-has" aria-label={t("card.has")}>
        {clone.demonstration && <li><Badge>{t("card.demonstration")}</Badge></li>}
        {clone.hasVoice && <li><Badge tone="good">{t("card.voice")}</Badge></li>}
        {clone.hasFace && <li><Badge tone="good">{t("card.face")}</Badge></li>}
        {total > 0 && <li><Badge tone={reading > 0 ? "calm" : "good"}>{reading > 0 ? t("card.reading", { count: reading }) : t("card.documents", { count: total })}</Badge></li>}
      </ul>
      {missing.length > 0 && <p className="studio-soft">{t("card.missing", { things: format.all(missing.map((thing) => t(`card.missingThings.${thing}`))) })}</p>}
      <div className="clone-card-foot">
        <ButtonLink look={missing.length > 0 ? "primary" : "secondary"} to={to}>
          {t(clone.demonstration || missing.length === 0 ? "card.change" : "card.goOn")}
        </ButtonLink>
        <ButtonLink look={missing.length > 0 ? "secondary" : "primary"} to={`/talk/${encodeURIComponent(clone.slug)}`}>
          {t("card.talk")}
        </ButtonLink>
      </div>
      <ExportClone clone={clone} open={open === "export"} onClose={close} />
      <DeleteClone clone={clone} open={open === "delete"} onClose={close} />
    </article>
  );
}
