/** How the clone answers, in which language, and what is remembered. */
import { Choice } from "@/ui/choice";
import { Sheet } from "@/ui/sheet";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";
import type { ConversationStateManager } from "./manager";
import type { Settings } from "./state";
import { LANGUAGES, MODES } from "./words";

export function Options({ manager, settings }: { manager: ConversationStateManager; settings: Settings }) {
  return (
    <Sheet title="Answers" value={summary(settings)}>
      <div className="options-body">
        <Choice label="Style" options={MODES} value={settings.mode} onChange={(mode) => { manager.setMode(mode); }} />
        <Choice
          label="Language"
          options={LANGUAGES}
          value={settings.language}
          onChange={(language) => { manager.setLanguage(language); }}
        />
        <Slider
          label="How easily you interrupt"
          hint="To the right, quiet and short words stop the answer too. To the left, it takes clear speech and more words."
          ends={["Hard", "Easy"]}
          value={settings.sensitivity}
          onChange={(sensitivity) => { manager.setSensitivity(sensitivity); }}
        />
        <Switch
          label="Remember this conversation"
          hint={
            settings.keepTranscripts
              ? "The words of this conversation are kept for 90 days, or until you switch this off. Your voice is not recorded."
              : "Nothing you say or write is kept after this conversation ends."
          }
          on={settings.keepTranscripts}
          onChange={(on) => { manager.setKeepTranscripts(on); }}
        />
      </div>
    </Sheet>
  );
}

function summary({ mode, language, keepTranscripts }: Settings): string {
  const style = MODES.find((option) => option.value === mode)?.label ?? mode;
  const tongue = LANGUAGES.find((option) => option.value === language)?.label ?? language;
  return [style, tongue, ...(keepTranscripts ? ["remembered"] : [])].join(" · ");
}
