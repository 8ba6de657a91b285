/** What the user should know now: no line, no microphone, an error, a better engine within reach. */
import { useState, type ReactNode } from "react";
import { soundProblem } from "@/media/audio-clock";
import { CloseIcon, SparkIcon } from "@/ui/icons";
import type { EngineItem } from "@/wire/generated";
import type { ConversationStateManager } from "./manager";
import type { ConversationState } from "./state";
import { microphoneWords, ROLES, soundWords } from "./words";

const RETRY_WORDS: Record<string, string | undefined> = {
  SESSION_LAPSED: "Start a new conversation",
  TAKEN_OVER: "Go on here",
};

export function Notices({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const sound = soundProblem();
  const problem = typeof state.microphone === "object" ? state.microphone.problem : null;
  const refused = state.link.phase === "refused" ? state.link.message : null;
  const refusedCode = state.link.phase === "refused" ? state.link.code : "";
  const dismiss = (): void => {
    manager.dismiss();
  };
  return (
    <div className="notices" aria-live="polite">
      {refused !== null && (
        <Notice tone="bad">
          {refused}{" "}
          <button type="button" className="link" onClick={() => { manager.retryNow(); }}>
            {RETRY_WORDS[refusedCode] ?? "Try again"}
          </button>
        </Notice>
      )}
      {sound !== null && <Notice tone="warn">{soundWords(sound)}</Notice>}
      {sound === null && problem !== null && <Notice tone="warn">{microphoneWords(problem)}</Notice>}
      {state.error !== null && refused === null && (
        <Notice tone="bad" onDismiss={dismiss}>
          {state.error.message}
        </Notice>
      )}
      {state.notice !== null && <Notice tone="calm">{state.notice}</Notice>}
      <EngineHints engines={state.engines} />
    </div>
  );
}

interface NoticeProps {
  tone: "calm" | "warn" | "bad";
  onDismiss?: () => void;
  children: ReactNode;
}

function Notice({ tone, onDismiss, children }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      <p>{children}</p>
      {onDismiss !== undefined && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

const DISMISSED_KEY = "selfsame.hints-dismissed";

/** "Better ears or a better mind are one command away": said once, until it is put away. */
function EngineHints({ engines }: { engines: readonly EngineItem[] }) {
  const hinted = engines.flatMap((engine) => (engine.hint == null ? [] : [{ role: engine.role, hint: engine.hint }]));
  const fingerprint = hinted.map(({ role, hint }) => `${role}:${hint}`).join("|");
  const [dismissed, setDismissed] = useState(() => read(DISMISSED_KEY));
  if (hinted.length === 0 || dismissed === fingerprint) return null;
  return (
    <details className="notice hints" data-tone="calm">
      <summary>
        <SparkIcon />
        <span>{headline(hinted.map(({ role }) => role))}</span>
      </summary>
      <dl>
        {hinted.map(({ role, hint }) => (
          <div key={role}>
            <dt>{ROLES[role]}</dt>
            <dd>{hint}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        className="link"
        onClick={() => {
          write(DISMISSED_KEY, fingerprint);
          setDismissed(fingerprint);
        }}
      >
        Do not show this again
      </button>
    </details>
  );
}

/** Better ears, a better mind or a better voice: one command away. */
function headline(roles: readonly EngineItem["role"][]): string {
  const things = roles.map((role) => (role === "asr" ? "better ears" : `a better ${ROLES[role].toLowerCase()}`));
  const listed = [things.slice(0, -1).join(", "), things.at(-1)].filter((part) => part !== "").join(" or ");
  return `${listed.charAt(0).toUpperCase()}${listed.slice(1)}: one command away`;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage is switched off: the hint comes back next time
  }
}
