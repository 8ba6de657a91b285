/** Colours and language of the page, installing, signing in and out; with `withPages` the places of the app too. */
import { Download, LogIn, LogOut, Menu as MenuIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { IconButton } from "@/ui/button";
import { useErrorWords } from "@/ui/error-words";
import { chooseLanguage, LANGUAGES, type LanguageCode } from "@/ui/i18n/language";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/ui/menu";
import { signOutHere } from "@/ui/sign-out";
import { chooseTheme, THEMES, useTheme } from "@/ui/theme";
import { useToasts } from "@/ui/toasts";
import { asApiError } from "@/wire/api-error";
import { useInstall } from "./installing";
import { isOpen, PLACES } from "./nav";
import { useSession } from "./use-session";
import { useAppWords } from "./words";

export function AppMenu({ withPages = false }: { withPages?: boolean }) {
  const t = useAppWords();
  const theme = useTheme();
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const install = useInstall();
  const leave = useLeave();
  const places = PLACES.filter((place) => (withPages || !place.first) && isOpen(place, session?.permissions));
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
      {install !== null && (
        <MenuItem icon={Download} onSelect={install}>
          {t("menu.install")}
        </MenuItem>
      )}
      {session?.signedIn === true && (
        <MenuItem icon={LogOut} onSelect={leave}>
          {t("menu.signOut")}
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

function useLeave(): () => void {
  const toasts = useToasts();
  const words = useErrorWords();
  return () => {
    signOutHere().catch((error: unknown) => {
      toasts.show({ text: words(asApiError(error)), tone: "bad" });
    });
  };
}
