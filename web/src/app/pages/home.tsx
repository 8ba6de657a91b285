/** The first page. The guide and all it takes to talk come after the page itself is shown. */
import { MessageCircle } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Home } from "@/features/home/home";
import { useWords } from "@/features/home/words";
import { Button } from "@/ui/button";
import { Portrait } from "@/ui/portrait";
import { useClones } from "../clones";
import { useSession } from "../use-session";

const GuideFace = lazy(() => import("../guide").then(({ GuideFace: face }) => ({ default: face })));
const GuideAction = lazy(() => import("../guide").then(({ GuideAction: action }) => ({ default: action })));

export default function HomePage() {
  const t = useWords();
  const [wanted, setWanted] = useState(false);
  const clones = useClones();
  const session = useSession();
  const before = (
    <Button look="primary" size="large" icon={MessageCircle} busy={wanted} onClick={() => { setWanted(true); }}>
      {t("hello")}
    </Button>
  );
  return (
    <Home
      clones={clones.data ?? []}
      owner={session?.owner !== false}
      face={
        <Suspense fallback={<Waiting />}>
          <GuideFace />
        </Suspense>
      }
      action={
        <Suspense fallback={before}>
          <GuideAction wanted={wanted} before={before} />
        </Suspense>
      }
    />
  );
}

/** As large as what comes, so that nothing moves when it does. */
function Waiting() {
  return (
    <div className="guide">
      <Portrait name="Selfsame" mood="resting" />
      <p className="hero-caption" />
    </div>
  );
}
