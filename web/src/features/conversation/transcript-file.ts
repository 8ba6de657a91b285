/** The conversation as a file: for people (text), as subtitles (WebVTT) and for programs (JSON). Pure. */
import type { ConversationState, Turn } from "./state";

export type FileForm = "txt" | "vtt" | "json";

export interface FileWords {
  you: string;
  /** "was interrupted here" */
  interrupted: string;
  sources: string;
  title: string;
}

type Told = Pick<ConversationState, "cloneName" | "greeting" | "turns">;

/** Milliseconds that a cue lasts where nothing tells how long its words took. */
const SHORTEST_CUE = 1500;

export function transcriptOf(form: FileForm, told: Told, words: FileWords): { type: string; text: string } {
  const turns = told.turns.filter((turn) => turn.userIsFinal);
  switch (form) {
    case "txt":
      return { type: "text/plain", text: asText({ ...told, turns }, words) };
    case "vtt":
      return { type: "text/vtt", text: asVtt({ ...told, turns }, words) };
    case "json":
      return { type: "application/json", text: asJson({ ...told, turns }) };
  }
}

/** `vera-2026-11-21.txt` */
export function fileName(cloneName: string, form: FileForm, now: Date): string {
  const name = cloneName.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").toLowerCase();
  return `${name === "" ? "conversation" : name}-${now.toISOString().slice(0, 10)}.${form}`;
}

function asText({ cloneName, greeting, turns }: Told, words: FileWords): string {
  const blocks = [words.title, ...(greeting === "" ? [] : [`${cloneName}: ${greeting}`])];
  for (const turn of turns) {
    const lines = turn.user === null ? [] : [`${words.you}: ${turn.user}`];
    if (turn.clone !== null && turn.clone !== "") lines.push(`${cloneName}: ${turn.clone}${turn.reply === "interrupted" ? ` [${words.interrupted}]` : ""}`);
    if (turn.sources.length > 0) lines.push(`${words.sources}: ${turn.sources.map(sourceName).join("; ")}`);
    if (lines.length > 0) blocks.push(lines.join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

function sourceName({ title, heading, locator }: Turn["sources"][number]): string {
  return [title, heading === title ? "" : heading, locator].filter((part) => part !== "" && !part.startsWith("#")).join(" · ");
}

interface Cue {
  from: number;
  to: number;
  who: string;
  text: string;
}

/** Turns whose times this page does not know (it was loaded later) stand before the cues as notes. */
function asVtt({ cloneName, turns }: Told, words: FileWords): string {
  const cues = turns.flatMap((turn) => cuesOf(turn, words.you, cloneName));
  const start = Math.min(...cues.map(({ from }) => from));
  const notes = turns.filter((turn) => turn.askedAt === null && turn.answeredAt === null).map((turn) => `NOTE ${[turn.user, turn.clone].filter((text) => text !== null).map(line).join(" / ")}`);
  const shown = cues.map(({ from, to, who, text }) => `${time(from - start)} --> ${time(Math.max(to, from + SHORTEST_CUE) - start)}\n<v ${escaped(who.replace(/[>\n]/g, " "))}>${escaped(line(text))}`);
  return `${["WEBVTT", ...notes, ...shown].join("\n\n")}\n`;
}

function cuesOf(turn: Turn, you: string, cloneName: string): Cue[] {
  const cues: Cue[] = [];
  const { askedAt, answeredAt, endedAt } = turn;
  if (askedAt !== null && turn.user !== null && turn.user !== "") cues.push({ from: askedAt, to: answeredAt ?? askedAt, who: you, text: turn.user });
  if (answeredAt !== null && turn.clone !== null && turn.clone !== "") cues.push({ from: answeredAt, to: endedAt ?? answeredAt, who: cloneName, text: turn.clone });
  return cues;
}

function time(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.round(ms % 1000)).padStart(3, "0")}`;
}

/** One line, without what would end a cue or a note. */
function line(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("-->", "→").trim();
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function asJson({ cloneName, greeting, turns }: Told): string {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const items = turns.map((turn) => ({
    turnId: turn.turnId,
    askedAt: iso(turn.askedAt),
    user: turn.user,
    answeredAt: iso(turn.answeredAt),
    endedAt: iso(turn.endedAt),
    clone: turn.clone,
    interrupted: turn.reply === "interrupted",
    sources: turn.sources.map(({ title, heading, locator, url, excerpt }) => ({ title, heading, locator, url: url ?? null, excerpt })),
  }));
  return `${JSON.stringify({ format: "selfsame-transcript/1", clone: cloneName, greeting, turns: items }, null, 2)}\n`;
}
