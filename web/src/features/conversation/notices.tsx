/** What the user should know now: no line, no microphone, an error, a better engine within reach. */
import { Sparkles, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { soundProblem } from "@/media/audio-clock";
import { IconButton } from "@/ui/button";
import { useFormat } from "@/ui/i18n/format";
import { currentSession } from "@/wire/session";
import type { EngineItem } from "@/wire/generated";
import type { ConversationStateManager } from "./manager";
import type { ConversationState } from "./state";
import { MICROPHONE_WORDS, SOUND_WORDS, useTroubleWords } from "./wording";
import { useWords } from "./words";

const RETRY_WORDS: Record<string, "notices.lapsed" | "notices.takenOver" | undefined> = {
  SESSION_LAPSED: "notices.lapsed",
  TAKEN_OVER: "notices.takenOver",
};

export function Notices({ manager, state }: { manager: ConversationStateManager; state: ConversationState }) {
  const t = useWords();
  const troubleWords = useTroubleWords();
  const sound = soundProblem();
  const problem = typeof state.microphone === "object" ? state.microphone.problem : null;
  const refused = state.link.phase === "refused" ? state.link : null;
  const dismiss = (): void => {
    manager.dismiss();
  };
  return (
    <div className="notices" aria-live="polite">
      {refused !== null && (
        <Notice tone="bad">
          {troubleWords(refused)}{" "}
          <button type="button" className="link" onClick={() => { manager.retryNow(); }}>
            {t(RETRY_WORDS[refused.code] ?? "notices.retry")}
          </button>
        </Notice>
      )}
      {sound !== null && <Notice tone="warn">{t(SOUND_WORDS[sound])}</Notice>}
      {sound === null && problem !== null && <Notice tone="warn">{t(MICROPHONE_WORDS[problem])}</Notice>}
      {state.error !== null && refused === null && (
        <Notice tone="bad" onDismiss={dismiss}>
          {troubleWords(state.error)}
        </Notice>
      )}
      {state.notice !== null && <Notice tone="calm">{state.notice}</Notice>}
    </div>
  );
}

interface NoticeProps {
  tone: "calm" | "warn" | "bad";
  onDismiss?: () => void;
  children: ReactNode;
}

function Notice({ tone, onDismiss, children }: NoticeProps) {
  const t = useWords();
  return (
    <div className="notice" data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      <p>{children}</p>
      {onDismiss !== undefined && (
        <IconButton label={t("notices.dismiss")} icon={X} onClick={onDismiss} />
      )}
    </div>
  );
}

const DISMISSED_KEY = "selfsame.hints-dismissed";

/**
 * "Better ears or a better mind: one step away": said once to the owner, until it is put away. It stands at the foot
 * of the conversation, where it moves nothing when it comes.
 */
export function EngineHints({ engines }: { engines: readonly EngineItem[] }) {
  const t = useWords();
  const format = useFormat();
  const hinted = engines.flatMap((engine) => (engine.hint == null ? [] : [{ role: engine.role, hint: engine.hint }]));
  const fingerprint = hinted.map(({ role, hint }) => `${role}:${hint}`).join("|");
  const [dismissed, setDismissed] = useState(() => read(DISMISSED_KEY));
  if (hinted.length === 0 || dismissed === fingerprint || currentSession()?.owner === false) return null;
  return (
    <details className="notice hints" data-tone="calm">
      <summary>
        <Sparkles className="icon" aria-hidden="true" />
        <span>{t("better.headline", { things: capital(format.either(hinted.map(({ role }) => t(`better.${role}`)))) })}</span>
      </summary>
      <dl>
        {hinted.map(({ role, hint }) => (
          <div key={role}>
            <dt>{t(`roles.${role}`)}</dt>
            <dd>{role === "llm" ? <BetterMind /> : <code>{hint}</code>}</dd>
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
        {t("better.dismiss")}
      </button>
    </details>
  );
}

const SERVER = "SELFSAME_LLM_BASE_URL, SELFSAME_LLM_MODEL";

/** A key is entered on the page; a server of one's own is named where Selfsame is started. */
function BetterMind() {
  const t = useWords();
  return (
    <>
      <Link className="link" to="/settings/keys">
        {t("better.key")}
      </Link>
      <br />
      {t("better.server")} <code>{SERVER}</code>
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
