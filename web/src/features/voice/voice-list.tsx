/** The voices of a clone, the newest first. One of them speaks. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useConfirm } from "@/ui/confirm";
import { useToasts } from "@/ui/toasts";
import { listVoicesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { deleteVoice } from "@/wire/api";
import type { OwnClone, VoiceModelItem } from "@/wire/api/types.gen";
import type { Kept } from "./use-kept";
import { VoiceCard } from "./voice-card";
import { useWords } from "./words";

interface VoiceListProps {
  voices: readonly VoiceModelItem[];
  clone: OwnClone;
  kept: Kept;
}

export function VoiceList({ voices, clone, kept }: VoiceListProps) {
  const t = useWords();
  const { hidden, discard } = useDiscarding(kept);
  const shown = voices.filter(({ voiceModelId }) => !hidden.has(voiceModelId));
  if (shown.length === 0) return null;
  return (
    <section className="voice-list" aria-label={t("list.title")}>
      {shown.map((voice) => (
        <VoiceCard key={voice.voiceModelId} listed={voice} clone={clone} kept={kept} onDiscard={discard} />
      ))}
    </section>
  );
}

/** A voice that is not in use goes at once and can be had back for a moment; the one that speaks is asked about. */
function useDiscarding(kept: Kept) {
  const t = useWords();
  const queries = useQueryClient();
  const confirm = useConfirm();
  const toasts = useToasts();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const show = (id: string): void => { setHidden((before) => new Set([...before].filter((each) => each !== id))); };
  const remove = async (id: string): Promise<void> => {
    try {
      await deleteVoice({ path: { voice_id: id }, throwOnError: true });
    } catch {
      toasts.show({ text: t("list.notDiscarded"), tone: "bad" });
      show(id);
    }
    await queries.invalidateQueries({ queryKey: listVoicesQueryKey() });
  };
  const hide = (id: string): void => { setHidden((before) => new Set([...before, id])); };
  const discard = async (voice: VoiceModelItem): Promise<void> => {
    const id = voice.voiceModelId;
    const unmade = voice.status !== "ready" && voice.status !== "active" && voice.status !== "replaced";
    if (unmade) {
      await remove(id);
      await kept.restore(id);
      return;
    }
    if (voice.active) {
      if (!(await confirm({ title: t("discard.title"), text: t("discard.text"), action: t("discard.action") }))) return;
      hide(id);
      await remove(id);
      await kept.forget(id);
      return;
    }
    hide(id);
    toasts.later({
      text: t("discard.done"),
      commit: () => {
        void remove(id);
        void kept.forget(id);
      },
      undo: () => { show(id); },
    });
  };
  return { hidden, discard };
}
