/** What the account has of looks and language, taken over by a browser that has chosen neither. */
import { adoptLanguage } from "@/ui/i18n/language";
import { adoptTheme } from "@/ui/theme";
import { showSettings } from "@/wire/api";

export async function takeOverLooks(): Promise<void> {
  try {
    const { data } = await showSettings({ throwOnError: true });
    adoptTheme(data.theme);
    await adoptLanguage(data.pageLanguage);
  } catch (error) {
    console.warn("the account's looks were not taken over", error); // no reason to fail at the door
  }
}
