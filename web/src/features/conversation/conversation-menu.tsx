/** What can be done with the whole conversation: take it along, say how it was. */
import { Braces, Captions, Ellipsis, FileText, Star } from "lucide-react";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { download } from "./download";
import type { ConversationState } from "./state";
import { fileName, transcriptOf, type FileForm } from "./transcript-file";
import { useWords } from "./words";

interface ConversationMenuProps {
  state: ConversationState;
  /** Null where the server takes no ratings. */
  onRate: (() => void) | null;
}

const FORMS = [
  { form: "txt", icon: FileText },
  { form: "vtt", icon: Captions },
  { form: "json", icon: Braces },
] as const;

export function ConversationMenu({ state, onRate }: ConversationMenuProps) {
  const t = useWords();
  const empty = !state.turns.some((turn) => turn.userIsFinal);
  const save = (form: FileForm): void => {
    const words = { you: t("turns.you"), interrupted: t("files.interrupted"), sources: t("files.sources"), title: t("files.title", { name: state.cloneName }) };
    const file = transcriptOf(form, state, words);
    download(fileName(state.cloneName, form, new Date()), file.type, file.text);
  };
  return (
    <Menu trigger={<IconButton label={t("files.menu")} icon={Ellipsis} />}>
      {FORMS.map(({ form, icon }) => (
        <MenuItem key={form} icon={icon} disabled={empty} onSelect={() => { save(form); }}>
          {t(`files.${form}`)}
        </MenuItem>
      ))}
      {onRate !== null && (
        <>
          <MenuSeparator />
          <MenuItem icon={Star} onSelect={onRate}>
            {t("rating.open")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
