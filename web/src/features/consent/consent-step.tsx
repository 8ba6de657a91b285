/** The first step of the path: the person agrees, in their own voice, and can end it here. */
import { useQuery } from "@tanstack/react-query";
import { Ban, FileCheck, Fingerprint, House, Sparkles } from "lucide-react";
import { useParams } from "react-router";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { listConsentsOptions } from "@/wire/api/@tanstack/react-query.gen";
import { Agreed, History } from "./agreed";
import "./consent.css";
import { FaceConsent } from "./face-consent";
import { SpokenConsent } from "./spoken-consent";
import { standing } from "./state";
import { useWords } from "./words";

const TERMS = [
  { words: "terms.use", icon: Sparkles },
  { words: "terms.own", icon: Fingerprint },
  { words: "terms.kept", icon: FileCheck },
  { words: "terms.private", icon: House },
  { words: "terms.end", icon: Ban },
] as const;

export default function ConsentStep() {
  const t = useWords();
  const { clone = "" } = useParams();
  const asked = useQuery(listConsentsOptions());
  const now = standing(asked.data?.consents ?? []);
  return (
    <Page title={t("title")} lead={t("lead")}>
      {asked.isPending && <Skeleton />}
      {asked.isError && asked.data === undefined && <ErrorNote error={asked.error} title={t("failed")} retry={() => void asked.refetch()} />}
      {asked.data !== undefined && (
        <div className="consent">
          {(now.voice !== null || now.face !== null) && <Agreed now={now} clone={clone} />}
          <Terms />
          {now.voice === null && <SpokenConsent clone={clone} before={now.ended[0] ?? null} />}
          {now.face === null && <FaceConsent />}
          {now.ended.length > 0 && <History ended={now.ended} />}
        </div>
      )}
    </Page>
  );
}

function Terms() {
  const t = useWords();
  return (
    <Card title={t("terms.title")}>
      <ul className="consent-terms">
        {TERMS.map(({ words, icon: Icon }) => (
          <li key={words}>
            <Icon className="icon" aria-hidden="true" />
            <span>{t(words)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
