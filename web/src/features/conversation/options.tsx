/** How the clone answers, in which language, and what is remembered. */
import { Choice } from "@/ui/choice";
import { Sheet } from "@/ui/sheet";
import { Switch } from "@/ui/switch";
import type { ConversationStateManager } from "./manager";
import type { Settings } from "./state";
import { LANGUAGES, MODES } from "./wording";
import { useWords, type ConversationSay } from "./words";

export function Options({ manager, settings }: { manager: ConversationStateManager; settings: Settings }) {
  const t = useWords();
  return (
    <Sheet title={t("options.title")} value={summary(t, settings)}>
      <div className="options-body">
        <Choice
          label={t("options.style")}
          options={MODES.map((value) => ({ value, label: t(`options.modes.${value}.label`), hint: t(`options.modes.${value}.hint`) }))}
          value={settings.mode}
          onChange={(mode) => { manager.setMode(mode); }}
        />
        <Choice
          label={t("options.language")}
          options={LANGUAGES.map((value) => ({ value, label: t(`options.languages.${value}.label`), hint: t(`options.languages.${value}.hint`) }))}
          value={settings.language}
          onChange={(language) => { manager.setLanguage(language); }}
        />
        <Switch
          label={t("options.remember.label")}
          hint={t(settings.keepTranscripts ? "options.remember.on" : "options.remember.off")}
          on={settings.keepTranscripts}
          onChange={(on) => { manager.setKeepTranscripts(on); }}
        />
      </div>
    </Sheet>
  );
}

function summary(t: ConversationSay, { mode, language, keepTranscripts }: Settings): string {
  const parts = [t(`options.modes.${mode}.label`), t(`options.languages.${language}.label`)];
  return [...parts, ...(keepTranscripts ? [t("options.remembered")] : [])].join(" · ");
}
