// Tells the service worker what the build has made: every script, style and font that the app may load, and one version for
// all of it. A change of any of them, or of the page itself, makes another version, and so another worker.
import { createHash } from "node:crypto";

const PART = /^assets\/.+\.(js|css|woff2)$/;

/** A plug-in of Vite. `worker` is the name of the worker's file. */
export function shell(worker) {
  return {
    name: "selfsame-shell",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const own = bundle[worker];
      if (own === undefined || own.type !== "chunk") this.error(`${worker} was not built`);
      if (own.imports.length + own.dynamicImports.length > 0) this.error(`${worker} stands alone: it may import nothing that the page uses`);
      const parts = Object.keys(bundle).filter((file) => PART.test(file)).sort();
      const page = bundle["index.html"];
      if (page === undefined || page.type !== "asset") this.error("the page was not built");
      const version = createHash("sha256").update([...parts, page.source].join("\n")).digest("hex").slice(0, 16);
      const list = JSON.stringify({ version, parts: parts.map((file) => `/${file}`) });
      if (!own.code.includes("__SHELL__")) this.error(`${worker} does not say where its list goes`);
      own.code = own.code.replaceAll("__SHELL__", () => `(${list})`);
    },
  };
}
