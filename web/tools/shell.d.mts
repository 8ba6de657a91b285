import type { Plugin } from "vite";

export function shell(worker: string): Plugin;
