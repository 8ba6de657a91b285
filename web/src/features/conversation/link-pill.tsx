/** Whether there is a line to the server, and when it is tried again (WIRE-20). */
import type { LinkStatus } from "@/media/line";
import type { ConversationStateManager } from "./manager";
import { useTicking } from "./use-conversation";

export function LinkPill({ manager, status }: { manager: ConversationStateManager; status: LinkStatus }) {
  const waiting = status.phase === "waiting";
  const now = useTicking(waiting);
  const seconds = waiting ? Math.max(0, Math.ceil((status.retryAt - now) / 1000)) : 0;
  return (
    <div className="link-pill" data-phase={status.phase}>
      <span className="link-dot" />
      <span role="status">{words(status)}</span>
      {waiting && (
        <>
          <span className="countdown">{seconds > 0 ? `again in ${seconds} s` : "now"}</span>
          <button type="button" className="link" onClick={() => { manager.retryNow(); }}>
            Try now
          </button>
        </>
      )}
    </div>
  );
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
