/** Colours and language of the page; with `withPages` the places of the app too. */
import { LogIn, Menu as MenuIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { IconButton } from "@/ui/button";
import { chooseLanguage, LANGUAGES, type LanguageCode } from "@/ui/i18n/language";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/ui/menu";
import { chooseTheme, THEMES, useTheme } from "@/ui/theme";
import { PLACES } from "./nav";
import { useSession } from "./use-session";
import { useAppWords } from "./words";

export function AppMenu({ withPages = false }: { withPages?: boolean }) {
  const t = useAppWords();
  const theme = useTheme();
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const places = PLACES.filter((place) => withPages || !place.first);
  return (
    <Menu trigger={<IconButton label={t("menu.open")} icon={MenuIcon} />}>
      {places.map((place) => (
        <MenuItem key={place.to} icon={place.icon} onSelect={() => void navigate(place.to)}>
          {t(`nav.${place.name}`)}
        </MenuItem>
      ))}
      {session?.owner === false && (
        <MenuItem icon={LogIn} onSelect={() => void navigate("/sign-in")}>
          {t("nav.signIn")}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuChoice
        label={t("menu.theme")}
        options={THEMES.map((value) => ({ value, label: t(`menu.themes.${value}`) }))}
        value={theme}
        onChange={chooseTheme}
      />
      <MenuSeparator />
      <MenuChoice
        label={t("menu.language")}
        options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
        value={i18n.language as LanguageCode}
        onChange={(code) => void chooseLanguage(code)}
      />
    </Menu>
  );
}
