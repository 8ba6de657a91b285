/** A line that shows the manner at a glance; it follows each change. The real thing is heard in a talk. */
import { ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import type { MergedPersona } from "@/wire/api";
import { sampleLine } from "./profile";
import { useWords } from "./words";

const SPOKEN = { EN: "en", ES: "es", ZH: "zh" } as const;

export function SayCard({ persona, clone }: { persona: MergedPersona; clone: string }) {
  const t = useWords();
  const language = persona.language in SPOKEN ? (persona.language as keyof typeof SPOKEN) : null;
  // The sentence must be of the language of the phrases around it, not of the page.
  const sentence = language === null ? t("say.sentence") : SENTENCES[language];
  const line = sampleLine(persona, sentence);
  const talk = (
    <ButtonLink size="small" to={`/talk/${encodeURIComponent(clone)}`}>
      {t("say.talk")}
    </ButtonLink>
  );
  return (
    <Card title={t("say.title", { name: persona.name })} actions={talk}>
      {line === null ? (
        <p className="manner-quiet">{t("say.nothing")}</p>
      ) : (
        <>
          <blockquote className="manner-line" aria-live="polite" lang={language === null ? undefined : SPOKEN[language]}>
            {line}
          </blockquote>
          <p className="manner-quiet">{t("say.rough")}</p>
        </>
      )}
    </Card>
  );
}

const SENTENCES = {
  EN: "That takes about two weeks, and I would do it again.",
  ES: "Eso lleva unas dos semanas, y lo volvería a hacer.",
  ZH: "这大概要两个星期，我会再做一次。",
} as const;
