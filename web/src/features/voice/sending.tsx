/** Recordings on their way to the server. */
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Progress } from "@/ui/progress";
import type { Order } from "./use-order";
import { useWords } from "./words";

export function Sending({ order }: { order: Order }) {
  const t = useWords();
  if (order.progress === null) return order.error === null ? null : <ErrorNote error={order.error} title={t("send.failed")} />;
  return (
    <div className="voice-sending">
      <Progress label={t("send.label")} value={order.progress} detail={t("send.detail")} />
      <Button size="small" onClick={order.cancel}>
        {t("send.cancel")}
      </Button>
    </div>
  );
}
