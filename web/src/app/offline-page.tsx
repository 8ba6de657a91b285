/** The app has opened without its server: what that means, and that it goes on by itself. */
import { Hammer, MessageCircle, RefreshCw, Settings2, WifiOff } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Heading } from "@/ui/page";
import { probe } from "@/wire/reach";
import { useOnline } from "./banners";
import "./offline-page.css";
import { useAppWords } from "./words";

const WAITING = [
  { name: "talk", icon: MessageCircle },
  { name: "studio", icon: Hammer },
  { name: "settings", icon: Settings2 },
] as const;

export function OfflinePage() {
  const t = useAppWords();
  const online = useOnline();
  const [asking, setAsking] = useState(false);
  const again = (): void => {
    setAsking(true);
    void probe().then(() => { setAsking(false); });
  };
  return (
    <section className="offline-page">
      <span className="offline-mark">
        <WifiOff className="icon" aria-hidden="true" />
      </span>
      <Heading>{t(online ? "unreached.title" : "unreached.offlineTitle")}</Heading>
      <p role="status">{t("unreached.text")}</p>
      <h2>{t("unreached.waits")}</h2>
      <ul>
        {WAITING.map(({ name, icon: Icon }) => (
          <li key={name}>
            <Icon className="icon" aria-hidden="true" />
            {t(`unreached.${name}`)}
          </li>
        ))}
      </ul>
      <p>{t(online ? "unreached.check" : "unreached.offlineCheck")}</p>
      <Button look="primary" icon={RefreshCw} busy={asking} onClick={again}>
        {t(asking ? "refused.trying" : "refused.retry")}
      </Button>
    </section>
  );
}
