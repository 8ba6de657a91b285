/** Changing a setting: shown before the server has taken it; one that fails is taken back and said. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useErrorWords } from "@/ui/error-words";
import { useToasts } from "@/ui/toasts";
import type { SettingsAnswer, SettingsBody } from "@/wire/api";
import { changeSettingsMutation, showSettingsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export type Change = (change: SettingsBody) => void;

export function useChange(): Change {
  const queries = useQueryClient();
  const toasts = useToasts();
  const words = useErrorWords();
  const t = useWords();
  const key = showSettingsQueryKey();
  const sent = useMutation({
    ...changeSettingsMutation(),
    onSuccess: (after) => {
      queries.setQueryData(key, after);
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey: key });
      toasts.show({ text: t("general.notKept", { why: words(error) }), tone: "bad" });
    },
  });
  return (body) => {
    queries.setQueryData<SettingsAnswer>(key, (before) => (before === undefined ? before : ({ ...before, ...body } as SettingsAnswer)));
    sent.mutate({ body });
  };
}
