/** What stands around the pages: the way to the others, what to know of the connection, and a net for faults. */
import { Suspense, useEffect, type ReactNode } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Skeleton } from "@/ui/skeleton";
import { hasSignedOut } from "@/ui/sign-out";
import { useToasts } from "@/ui/toasts";
import { AppMenu } from "./app-menu";
import { Banners } from "./banners";
import { ErrorBoundary } from "./error-boundary";
import { PLACES } from "./nav";
import { OfflinePage } from "./offline-page";
import "./shell.css";
import { useReach, useReachWatch } from "./use-reach";
import { useAppWords } from "./words";

export function Shell() {
  const t = useAppWords();
  const toasts = useToasts();
  useEffect(() => {
    if (hasSignedOut()) toasts.show({ text: t("menu.signedOut") });
  }, [toasts, t]);
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
      <Banners />
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
      <Banners />
      <Guarded waiting={null} />
    </div>
  );
}

/** `waiting` stands there until the page's code has come. */
function Guarded({ waiting }: { waiting: ReactNode }) {
  const { pathname } = useLocation();
  useReachWatch();
  if (useReach() === "never") return <OfflinePage />;
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
