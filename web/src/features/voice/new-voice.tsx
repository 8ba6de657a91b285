/** Three ways to a new voice: read aloud here, give recordings, or name a video. */
import { useState } from "react";
import { Card } from "@/ui/card";
import { Tabs } from "@/ui/tabs";
import { useToasts } from "@/ui/toasts";
import type { OwnClone } from "@/wire/api/types.gen";
import { FileVoice } from "./file-voice";
import type { Language } from "./orders";
import { ReadAloud } from "./read-aloud";
import { TubeVoice } from "./tube-voice";
import type { Kept } from "./use-kept";
import { useWords } from "./words";

type Way = "read" | "files" | "video";

interface NewVoiceProps {
  clone: OwnClone;
  kept: Kept;
  first: boolean;
}

export function NewVoice({ clone, kept, first }: NewVoiceProps) {
  const t = useWords();
  const toasts = useToasts();
  const begun = kept.recordings?.some(({ voice }) => voice === "") === true;
  const [way, setWay] = useState<Way>("read");
  const [open, setOpen] = useState(first || begun);
  const language: Language = clone.language === "ES" || clone.language === "ZH" ? clone.language : "EN";
  const ordered = (): void => {
    toasts.show({ text: t("send.done") });
    setOpen(false);
    window.scrollTo({ top: 0 });
  };
  if (!open) {
    return (
      <button type="button" className="button voice-more" data-look="secondary" onClick={() => { setOpen(true); }}>
        {t("new.open")}
      </button>
    );
  }
  return (
    <Card title={t(first ? "new.first" : "new.title")} className="voice-new">
      <Tabs<Way>
        label={t("new.ways")}
        value={way}
        onChange={setWay}
        tabs={[
          { value: "read", label: t("new.read"), content: <ReadAloud clone={clone} begin={language} kept={kept} onOrdered={ordered} /> },
          { value: "files", label: t("new.files"), content: <FileVoice clone={clone} begin={language} onOrdered={ordered} /> },
          { value: "video", label: t("new.video"), content: <TubeVoice clone={clone} begin={language} onOrdered={ordered} /> },
        ]}
      />
    </Card>
  );
}
