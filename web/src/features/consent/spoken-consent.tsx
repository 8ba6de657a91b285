/** The spoken consent: who agrees, in which language; then the sentence itself. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { chosenLanguage, LANGUAGES } from "@/ui/i18n/language";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { showCloneOptions, showSpokenStatementOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { SpokenConsent as Consent, SpokenStatement } from "@/wire/api/types.gen";
import { SayIt } from "./say-it";
import { useWords } from "./words";

type Language = SpokenStatement["language"];
interface Who {
  name: string;
  language: Language;
}

const OPTIONS = LANGUAGES.map(({ code, name }) => ({ value: code.toUpperCase() as Language, label: name }));

export function SpokenConsent({ clone, before }: { clone: string; before: Consent | null }) {
  const t = useWords();
  const own = useQuery({ ...showCloneOptions({ path: { slug: clone } }), retry: false });
  const [who, setWho] = useState<Who | null>(null);
  if (own.isPending) return <Skeleton />;
  const begin = { name: before?.evidence?.name ?? own.data?.name ?? "", language: chosenLanguage().toUpperCase() as Language };
  return (
    <Card title={t("spoken.title")}>
      <p className="consent-text">{t("spoken.text")}</p>
      {who === null ? <WhoForm begin={begin} onDone={setWho} /> : <Statement who={who} onBack={() => { setWho(null); }} />}
    </Card>
  );
}

function WhoForm({ begin, onDone }: { begin: Who; onDone: (who: Who) => void }) {
  const t = useWords();
  const schema = useMemo(() => z.object({ name: z.string().trim().min(2, t("spoken.nameMissing")).max(80, t("spoken.nameLong")) }), [t]);
  const form = useForm(schema, { name: begin.name });
  const [language, setLanguage] = useState(begin.language);
  return (
    <Form
      form={form}
      onSubmit={({ name }) => { onDone({ name, language }); }}
      actions={
        <Button type="submit" look="primary">
          {t("spoken.show")}
        </Button>
      }
    >
      <TextField label={t("spoken.name")} hint={t("spoken.nameHint")} error={form.formState.errors.name?.message} autoComplete="name" {...form.register("name")} />
      <Select label={t("spoken.language")} options={OPTIONS} value={language} onChange={setLanguage} />
    </Form>
  );
}

function Statement({ who, onBack }: { who: Who; onBack: () => void }) {
  const t = useWords();
  // The date in it is the server's today: it is asked for anew after midnight, and whenever one comes back.
  const asked = useQuery({ ...showSpokenStatementOptions({ query: { name: who.name, language: who.language } }), staleTime: 0 });
  const back = (
    <Button look="quiet" size="small" onClick={onBack}>
      {t("spoken.change")}
    </Button>
  );
  return (
    <>
      {asked.isPending && <Skeleton />}
      {asked.isError && <ErrorNote error={asked.error} retry={() => void asked.refetch()} />}
      {asked.data !== undefined && <SayIt key={asked.data.text} name={who.name} statement={asked.data} />}
      <div className="consent-back">{back}</div>
    </>
  );
}
