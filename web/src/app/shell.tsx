/** What stands around the pages: the way to the others, what to know of the connection, and a net for faults. */
import { WifiOff } from "lucide-react";
import { Suspense, useSyncExternalStore, type ReactNode } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Skeleton } from "@/ui/skeleton";
import { AppMenu } from "./app-menu";
import { ErrorBoundary } from "./error-boundary";
import { PLACES } from "./nav";
import "./shell.css";
import { useAppWords } from "./words";

export function Shell() {
  const t = useAppWords();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="app-head">
        <Link className="wordmark" to="/" aria-label={t("home")}>
          Selfsame
        </Link>
        <Places className="app-nav" />
        <AppMenu />
      </header>
      <OfflineBanner />
      <main id="main" tabIndex={-1}>
        <Guarded waiting={<Loading />} />
      </main>
      <Places className="app-bar" />
    </div>
  );
}

/** Pages that fill the window and bring their own frame. */
export function Bare() {
  return (
    <div className="bare">
      <OfflineBanner />
      <Guarded waiting={null} />
    </div>
  );
}

/** `waiting` stands there until the page's code has come. */
function Guarded({ waiting }: { waiting: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={pathname}>
      <Suspense fallback={waiting}>
        <Outlet />
      </Suspense>
    </ErrorBoundary>
  );
}

function Loading() {
  return (
    <div className="page">
      <Skeleton />
    </div>
  );
}

function Places({ className }: { className: string }) {
  const t = useAppWords();
  return (
    <nav className={className} aria-label={t("nav.label")}>
      <ul>
        {PLACES.filter((place) => place.first).map(({ to, name, icon: Icon }) => (
          <li key={to}>
            <NavLink to={to} end={to === "/"}>
              <Icon className="icon" aria-hidden="true" />
              <span>{t(`nav.${name}`)}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function followOnline(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

function OfflineBanner() {
  const t = useAppWords();
  const online = useSyncExternalStore(followOnline, () => navigator.onLine);
  return (
    <div role="status" className="offline" hidden={online}>
      {!online && (
        <>
          <WifiOff className="icon" aria-hidden="true" />
          {t("offline")}
        </>
      )}
    </div>
  );
}
