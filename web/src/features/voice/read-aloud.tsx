/** Sentences are read one by one; each is judged at once and kept in this browser until it is sent. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { limits } from "@/media/recording/advice";
import { Button } from "@/ui/button";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { Meter } from "@/ui/progress";
import { Skeleton } from "@/ui/skeleton";
import { useFormat } from "@/ui/i18n/format";
import { listSentencesOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { OwnClone } from "@/wire/api/types.gen";
import { progressOf } from "./goals";
import { KeptList } from "./kept-list";
import { LanguageChoice } from "./language-choice";
import { orderForm, type Language } from "./orders";
import { Prompter } from "./prompter";
import { Sending } from "./sending";
import type { Kept } from "./use-kept";
import { useOrder } from "./use-order";
import { useWords } from "./words";

interface ReadAloudProps {
  clone: OwnClone;
  begin: Language;
  kept: Kept;
  onOrdered: () => void;
}

export function ReadAloud({ clone, begin, kept, onOrdered }: ReadAloudProps) {
  const t = useWords();
  const own = useMemo(() => (kept.recordings ?? []).filter(({ voice }) => voice === ""), [kept.recordings]);
  const [language, setLanguage] = useState<Language>(own.at(-1)?.language ?? begin);
  const [redo, setRedo] = useState<{ sentence: number } | null>(null);
  const asked = useQuery({ ...listSentencesOptions({ query: { language } }), staleTime: Infinity });
  const order = useOrder();
  const mine = own.filter((each) => each.language === language);
  const send = async (): Promise<void> => {
    const files = mine.map(({ wav, text }, at) => ({ sound: wav, name: `${at + 1}.wav`, text }));
    const voice = await order.send(orderForm(clone.id, language, files));
    if (voice === null) return;
    await kept.sent(mine, voice.voiceModelId);
    onOrdered();
  };
  return (
    <div className="reading">
      <Amount seconds={mine.reduce((sum, { speechSeconds }) => sum + speechSeconds, 0)} />
      {asked.isPending && <Skeleton />}
      {asked.isError && <ErrorNote error={asked.error} retry={() => void asked.refetch()} />}
      {asked.data !== undefined && order.progress === null && (
        <Prompter key={language} clone={clone.id} language={language} sentences={asked.data.sentences} mine={mine} kept={kept} redo={redo} />
      )}
      <Sending order={order} />
      {order.progress === null && <Finish mine={mine} kept={kept} onSend={() => void send()} />}
      {asked.data !== undefined && <KeptList mine={mine} kept={kept} sentences={asked.data.sentences} onRedo={(sentence) => { setRedo({ sentence }); }} />}
      <LanguageChoice label={t("read.language")} value={language} onChange={setLanguage} />
      <p className="voice-small">{t(kept.lasting ? "read.kept" : "read.fleeting")}</p>
    </div>
  );
}

function Amount({ seconds }: { seconds: number }) {
  const t = useWords();
  const format = useFormat();
  const now = progressOf(seconds);
  return (
    <div className="reading-amount">
      <Meter
        label={t("read.recorded")}
        value={now.seconds / now.goal}
        text={t("read.amount", { seconds: format.number(now.seconds), goal: format.number(now.goal) })}
        tone={now.stage === "few" ? "warn" : "good"}
      />
      <p className="voice-small">{t(`read.stages.${now.stage}`)}</p>
    </div>
  );
}

function Finish({ mine, kept, onSend }: { mine: ReadAloudMine; kept: Kept; onSend: () => void }) {
  const t = useWords();
  const confirm = useConfirm();
  const seconds = mine.reduce((sum, { speechSeconds }) => sum + speechSeconds, 0);
  const discard = async (): Promise<void> => {
    const sure = await confirm({ title: t("read.discardTitle"), text: t("read.discardText", { count: mine.length }), action: t("read.discard") });
    if (sure) await kept.remove(mine.map(({ id }) => id));
  };
  if (mine.length === 0) return null;
  return (
    <div className="voice-foot">
      <Button look={seconds >= limits.voiceLeast ? "primary" : "secondary"} size="large" disabled={seconds < limits.voiceLeast} onClick={onSend}>
        {t("read.make")}
      </Button>
      <Button look="quiet" onClick={() => void discard()}>
        {t("read.discard")}
      </Button>
      {seconds < limits.voiceLeast && <p className="voice-small">{t("read.notYet", { seconds: limits.voiceLeast })}</p>}
    </div>
  );
}

type ReadAloudMine = NonNullable<Kept["recordings"]>;
