// The app's manifest in the other languages of the page: what the home screen calls it and its shortcuts.
import { readFileSync } from "node:fs";

const MANIFEST = new URL("../public/manifest.webmanifest", import.meta.url);
/** The address of each shortcut, and the word of the page's menu for it. */
const SHORTCUTS = { "/avatar": "avatar", "/studio": "studio" };

/** A plug-in of Vite. `languages`: code and tag of each language that has words of its own beside English. */
export function manifests(languages) {
  return {
    name: "selfsame-manifests",
    apply: "build",
    generateBundle() {
      const english = JSON.parse(readFileSync(MANIFEST, "utf8"));
      for (const { code, tag } of languages) {
        const { about, nav } = JSON.parse(readFileSync(new URL(`../src/app/words/${code}.json`, import.meta.url), "utf8"));
        const shortcuts = english.shortcuts.map((each) => ({ ...each, name: nav[SHORTCUTS[each.url]] }));
        const source = JSON.stringify({ ...english, lang: tag, description: about, shortcuts });
        this.emitFile({ type: "asset", fileName: `manifest.${code}.webmanifest`, source });
      }
    },
  };
}
