/** Whether there is a line to the server, and when it is tried again (WIRE-20). */
import type { LinkStatus } from "@/media/line";
import type { ConversationStateManager } from "./manager";
import { useNow } from "./use-conversation";

export function LinkPill({ manager, status }: { manager: ConversationStateManager; status: LinkStatus }) {
  return (
    <div className="link-pill" data-phase={status.phase}>
      <span className="link-dot" />
      <span role="status">{words(status)}</span>
      {status.phase === "waiting" && (
        <>
          <Countdown key={status.retryAt} until={status.retryAt} />
          <button type="button" className="link" onClick={() => { manager.retryNow(); }}>
            Try now
          </button>
        </>
      )}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const seconds = Math.ceil((until - useNow()) / 1000);
  return <span className="countdown">{seconds > 0 ? `again in ${seconds} s` : "now"}</span>;
}

function words(status: LinkStatus): string {
  switch (status.phase) {
    case "open":
      return "Connected";
    case "connecting":
      return status.attempt === 0 ? "Connecting" : "Reconnecting";
    case "waiting":
      return "Connection lost";
    case "refused":
    case "off":
      return "Not connected";
  }
}
