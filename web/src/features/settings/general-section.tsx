/** How conversations go, and how the page looks. Every change counts at once; one that fails is taken back and said. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/ui/card";
import { Choice } from "@/ui/choice";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { chooseLanguage, LANGUAGES, type LanguageCode } from "@/ui/i18n/language";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";
import { chooseTheme, THEMES, useTheme } from "@/ui/theme";
import type { SettingsAnswer } from "@/wire/api";
import { showSettingsOptions } from "@/wire/api/@tanstack/react-query.gen";
import { keepSensitivity } from "./sensitivity";
import { useChange, type Change } from "./use-change";
import { useWords } from "./words";

const SPOKEN = ["auto", "EN", "ZH", "ES"] as const;
const QUALITIES = ["auto", "low", "medium", "high"] as const;

export function GeneralSection() {
  const settings = useQuery(showSettingsOptions());
  const change = useChange();
  if (settings.isPending) return <Skeleton lines={6} />;
  if (settings.isError) return <ErrorNote error={settings.error} retry={() => void settings.refetch()} />;
  return (
    <>
      <Talk settings={settings.data} change={change} />
      <Memory settings={settings.data} change={change} />
      <Looks change={change} />
    </>
  );
}

function Talk({ settings, change }: { settings: SettingsAnswer; change: Change }) {
  const t = useWords();
  const spoken = settings.autoLanguageDetection ? "auto" : settings.language;
  return (
    <Card title={t("general.talk")}>
      <div className="settings-fields">
        <Select
          label={t("general.spoken")}
          hint={t("general.spokenHint")}
          value={spoken}
          options={SPOKEN.map((value) => ({ value, label: t(`general.languages.${value}`) }))}
          onChange={(language) => {
            change({ language, autoLanguageDetection: language === "auto" });
          }}
        />
        <Select
          label={t("general.quality")}
          hint={t("general.qualityHint")}
          value={settings.videoQuality}
          options={QUALITIES.map((value) => ({ value, label: t(`general.qualities.${value}`) }))}
          onChange={(videoQuality) => {
            change({ videoQuality });
          }}
        />
        <Slider
          label={t("general.sensitivity")}
          hint={t("general.sensitivityHint")}
          ends={[t("general.calm"), t("general.quick")]}
          value={settings.interruptionSensitivity}
          onChange={(interruptionSensitivity) => {
            keepSensitivity(interruptionSensitivity);
            change({ interruptionSensitivity });
          }}
        />
      </div>
    </Card>
  );
}

function Memory({ settings, change }: { settings: SettingsAnswer; change: Change }) {
  const t = useWords();
  const confirm = useConfirm();
  const turn = async (on: boolean): Promise<void> => {
    const sure = on || (await confirm({ title: t("general.forgetTitle"), text: t("general.forgetText"), action: t("general.forgetAction") }));
    if (sure) change({ enableConversationHistory: on });
  };
  return (
    <Card title={t("general.memory")}>
      <Switch label={t("general.remember")} hint={t("general.rememberHint")} on={settings.enableConversationHistory} onChange={(on) => void turn(on)} />
    </Card>
  );
}

function Looks({ change }: { change: Change }) {
  const t = useWords();
  const theme = useTheme();
  const { i18n } = useTranslation();
  return (
    <Card title={t("general.looks")}>
      <div className="settings-fields">
        <Choice
          label={t("general.theme")}
          options={THEMES.map((value) => ({ value, label: t(`general.themes.${value}`) }))}
          value={theme}
          onChange={(value) => {
            chooseTheme(value);
            change({ theme: value });
          }}
        />
        <Choice
          label={t("general.pageLanguage")}
          options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
          value={i18n.language as LanguageCode}
          onChange={(code) => {
            void chooseLanguage(code);
            change({ pageLanguage: code });
          }}
        />
      </div>
    </Card>
  );
}
