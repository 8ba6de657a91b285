/** Leaving the account in this browser. The page is loaded anew, so that nothing of it stays in memory. */
import { leaveAccount } from "@/wire/session";
import { forgetAdoptedLanguage } from "./i18n/language";
import { forgetAdoptedTheme } from "./theme";

const KEY = "selfsame.signed-out";

export async function signOutHere(): Promise<void> {
  await leaveAccount();
  forgetAdoptedTheme();
  forgetAdoptedLanguage();
  try {
    sessionStorage.setItem(KEY, "yes");
  } catch {
    // storage is switched off: the first page says nothing of it
  }
  location.assign("/");
}

/** Whether the page was loaded because somebody signed out; true once. */
export function hasSignedOut(): boolean {
  try {
    const kept = sessionStorage.getItem(KEY) !== null;
    sessionStorage.removeItem(KEY);
    return kept;
  } catch {
    return false;
  }
}
