/** Microphone, loudspeaker, how easily the clone is interrupted, and whether its words are shown. */
import { Mic, Square, Volume2 } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Button } from "@/ui/button";
import { Select } from "@/ui/select";
import { Sheet } from "@/ui/sheet";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";
import type { Device } from "@/media/devices";
import type { ConversationStateManager } from "./manager";
import type { SoundSettings } from "./sound-settings";
import type { Settings } from "./state";
import { MICROPHONE_WORDS } from "./wording";
import { useWords } from "./words";

export function SoundSheet({ manager, settings }: { manager: ConversationStateManager; settings: Settings }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const toggle = (now: boolean): void => {
    setOpen(now);
    if (!now) void manager.sound.stopTrying();
  };
  return (
    <Sheet title={t("sound.title")} value={t(settings.captions ? "sound.captionsOn" : "sound.captionsOff")} onToggle={toggle}>
      <div className="options-body">
        {open && <DeviceChoices sound={manager.sound} />}
        <Slider
          label={t("options.interrupt.label")}
          hint={t("options.interrupt.hint")}
          ends={[t("options.interrupt.hard"), t("options.interrupt.easy")]}
          value={settings.sensitivity}
          onChange={(sensitivity) => { manager.setSensitivity(sensitivity); }}
        />
        <Switch label={t("sound.captions")} hint={t("sound.captionsHint")} on={settings.captions} onChange={(on) => { manager.setCaptions(on); }} />
      </div>
    </Sheet>
  );
}

function DeviceChoices({ sound }: { sound: SoundSettings }) {
  const t = useWords();
  const { devices, microphone, speaker, canChooseSpeaker, trying, problem } = useSyncExternalStore(sound.subscribe, () => sound.state);
  const options = (list: readonly Device[], chosen: string) => {
    const known = [{ value: "", label: t("sound.system") }, ...list.map(({ id, label }, place) => ({ value: id, label: label === "" ? t("sound.unnamed", { number: place + 1 }) : label }))];
    return known.some(({ value }) => value === chosen) ? known : [...known, { value: chosen, label: t("sound.away") }];
  };
  return (
    <div className="devices">
      <Select
        label={t("sound.microphone")}
        {...(devices.named ? {} : { hint: t("sound.unnamedHint") })}
        options={options(devices.microphones, microphone)}
        value={microphone}
        onChange={(id) => void sound.choose("microphone", id)}
      />
      <div className="device-try">
        <Button
          size="small"
          icon={trying === "yes" ? Square : Mic}
          busy={trying === "opening"}
          onClick={() => void (trying === "yes" ? sound.stopTrying() : sound.tryMicrophone())}
        >
          {t(trying === "yes" ? "sound.stopTrying" : "sound.tryMicrophone")}
        </Button>
        <LevelMeter live={trying === "yes"} />
      </div>
      {problem !== null && (
        <p className="device-problem" role="alert">
          {t(problem === "speaker" ? "sound.noSpeaker" : MICROPHONE_WORDS[problem])}
        </p>
      )}
      {canChooseSpeaker ? (
        <Select label={t("sound.speaker")} options={options(devices.speakers, speaker)} value={speaker} onChange={(id) => void sound.choose("speaker", id)} />
      ) : (
        <p className="switch-hint">{t("sound.speakerBySystem")}</p>
      )}
      <div className="device-try">
        <Button size="small" icon={Volume2} onClick={() => void sound.trySpeaker()}>
          {t("sound.trySpeaker")}
        </Button>
      </div>
    </div>
  );
}

/** Its length follows `--user`, which the screen writes every frame. */
function LevelMeter({ live }: { live: boolean }) {
  const t = useWords();
  return (
    <div className="level">
      <span className="level-bar" data-live={live} aria-hidden="true">
        <span />
      </span>
      <span className="switch-hint">
        {t(live ? "sound.levelLive" : "sound.levelOff")}
      </span>
    </div>
  );
}
