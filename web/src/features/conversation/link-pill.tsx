/** Whether there is a line to the server, and when it is tried again (WIRE-20). */
import type { LinkStatus } from "@/media/line";
import type { ConversationStateManager } from "./manager";
import { useNow } from "./use-conversation";
import { useWords } from "./words";

export function LinkPill({ manager, status }: { manager: ConversationStateManager; status: LinkStatus }) {
  const t = useWords();
  return (
    <div className="link-pill" data-phase={status.phase}>
      <span className="link-dot" />
      <span role="status">{t(`link.${wordOf(status)}`)}</span>
      {status.phase === "waiting" && (
        <>
          <Countdown key={status.retryAt} until={status.retryAt} />
          <button type="button" className="link" onClick={() => { manager.retryNow(); }}>
            {t("link.tryNow")}
          </button>
        </>
      )}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const t = useWords();
  const seconds = Math.ceil((until - useNow()) / 1000);
  return <span className="countdown">{seconds > 0 ? t("link.again", { seconds }) : t("link.now")}</span>;
}

function wordOf(status: LinkStatus): "open" | "connecting" | "reconnecting" | "waiting" | "off" {
  switch (status.phase) {
    case "open":
      return "open";
    case "connecting":
      return status.attempt === 0 ? "connecting" : "reconnecting";
    case "waiting":
      return "waiting";
    case "refused":
    case "off":
      return "off";
  }
}
