/** How a voice speaks: in the person's own sounds, clearly, or as its making found best. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Choice } from "@/ui/choice";
import { ErrorNote } from "@/ui/error-note";
import { listVoicesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { changeVoiceManner } from "@/wire/api/sdk.gen";
import { asApiError } from "@/wire/api-error";
import { mannerOf, type Manner } from "./quality";
import { useWords } from "./words";

const MANNERS = ["automatic", "own", "clear"] as const;

export function MannerChoice({ voice }: { voice: VoiceModelItem }) {
  const t = useWords();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (manner: Manner) => changeVoiceManner({ path: { voice_id: voice.voiceModelId }, body: { manner } }),
    onSettled: () => queries.invalidateQueries({ queryKey: listVoicesQueryKey() }),
  });
  const kept = mannerOf(voice);
  if (kept === null) return null;
  const manner = change.isPending ? change.variables : kept;
  return (
    <div className="voice-manner">
      <Choice<Manner>
        label={t("manner.label")}
        value={manner}
        options={MANNERS.map((each) => ({ value: each, label: t(`manner.${each}`), hint: t(`manner.hints.${each}`) }))}
        onChange={(next) => { change.mutate(next); }}
      />
      <p className="voice-small">{t(`manner.hints.${manner}`)}</p>
      {change.error !== null && <ErrorNote error={asApiError(change.error)} />}
    </div>
  );
}
