/** What the person can set, and what is kept of them. Visitors see what is theirs alone. */
import { NavLink, Navigate, Route, Routes, useLocation } from "react-router";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { useRow } from "@/ui/use-row";
import { DevicesSection } from "./devices-section";
import { EmbedSection } from "./embed-section";
import { GeneralSection } from "./general-section";
import { KeysSection } from "./keys-section";
import { LogSection } from "./log-section";
import { PrivacySection } from "./privacy-section";
import "@/ui/parts.css";
import "./settings.css";
import { UsageSection } from "./usage-section";
import { useOwner } from "./use-who";
import { VoicesSection } from "./voices-section";
import { useWords } from "./words";

const SECTIONS = [
  { path: "", name: "general", forAll: true, content: GeneralSection },
  { path: "privacy", name: "privacy", forAll: true, content: PrivacySection },
  { path: "voices", name: "voices", forAll: false, content: VoicesSection },
  { path: "keys", name: "keys", forAll: false, content: KeysSection },
  { path: "devices", name: "devices", forAll: false, content: DevicesSection },
  { path: "embed", name: "embed", forAll: false, content: EmbedSection },
  { path: "usage", name: "usage", forAll: false, content: UsageSection },
  { path: "log", name: "log", forAll: false, content: LogSection },
] as const;

export default function SettingsPage() {
  const t = useWords();
  const { owner, error, again } = useOwner();
  return (
    <Page title={t("title")} lead={t(owner === false ? "leadVisitor" : "lead")} width="wide">
      {error !== null ? <ErrorNote error={error} retry={again} /> : owner === null ? <Skeleton lines={6} /> : <Sections owner={owner} />}
    </Page>
  );
}

function Sections({ owner }: { owner: boolean }) {
  const shown = SECTIONS.filter((section) => owner || section.forAll);
  return (
    <div className="settings">
      <SectionNav names={shown} />
      <div className="settings-content">
        <Routes>
          {shown.map(({ path, content: Content }) => (path === "" ? <Route key={path} index element={<Content />} /> : <Route key={path} path={path} element={<Content />} />))}
          <Route path="*" element={<Navigate to="/settings" replace />} />
        </Routes>
      </div>
    </div>
  );
}

function SectionNav({ names }: { names: readonly (typeof SECTIONS)[number][] }) {
  const t = useWords();
  const list = useRow<HTMLUListElement>("[aria-current]", `${useLocation().pathname} ${names.length}`);
  return (
    <nav className="settings-nav" aria-label={t("sections")}>
      <ul ref={list}>
        {names.map(({ path, name }) => (
          <li key={name}>
            <NavLink to={path === "" ? "/settings" : `/settings/${path}`} end>
              {t(`${name}.title`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
