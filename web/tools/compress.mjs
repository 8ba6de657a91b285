// Writes a .br and a .gz beside every file of the page that shrinks, once, at build time: the server gives these out.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const SHRINKS = /\.(js|css|svg|json|webmanifest)$/;
const SMALLEST = 1000;
const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

/** A plug-in of Vite. */
export function compress() {
  let folder = "";
  return {
    name: "selfsame-compress",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    async closeBundle() {
      for (const name of (await readdir(folder)).filter((each) => SHRINKS.test(each))) {
        const data = await readFile(join(folder, name));
        if (data.length < SMALLEST) continue;
        const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } };
        await writeFile(join(folder, `${name}.br`), await brotli(data, options));
        await writeFile(join(folder, `${name}.gz`), await gz(data, { level: 9 }));
      }
    },
  };
}
