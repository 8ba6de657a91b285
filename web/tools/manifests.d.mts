import type { Plugin } from "vite";

export function manifests(languages: readonly { code: string; tag: string }[]): Plugin;
