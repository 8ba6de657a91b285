/** Every address of the app and the page it shows. Pages are loaded when they are wanted. */
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { AppMenu } from "./app-menu";
import { Bare, Shell } from "./shell";

const Home = lazy(() => import("./pages/home"));
const Talk = lazy(() => import("./pages/talk"));
const Avatar = lazy(() => import("./pages/avatar"));
const SignIn = lazy(() => import("@/features/sign-in/sign-in-page"));
const Missing = lazy(() => import("./pages/missing"));
const Embed = lazy(() => import("./pages/embed"));
const Operations = lazy(() => import("@/features/operations/operations-page"));
const Settings = lazy(() => import("@/features/settings/settings-page"));
const StudioList = lazy(() => import("@/features/studio-path/studio-page"));
const StudioPath = lazy(() => import("@/features/studio-path/path-page"));
const Consent = lazy(() => import("@/features/consent/consent-step"));
const Voice = lazy(() => import("@/features/voice/voice-step"));
const FaceModel = lazy(() => import("@/features/face-model/face-step"));
const Knowledge = lazy(() => import("@/features/knowledge/knowledge-step"));
const Manner = lazy(() => import("@/features/manner/manner-step"));
const Try = lazy(() => import("./pages/try"));

export function App() {
  return (
    <Suspense fallback={null}>
      <Routes>
        <Route element={<Bare />}>
          <Route path="talk" element={<Talk menu={<AppMenu withPages />} />} />
          <Route path="talk/:clone" element={<Talk menu={<AppMenu withPages />} />} />
          <Route path="embed/:clone" element={<Embed />} />
        </Route>
        <Route element={<Shell />}>
          <Route index element={<HomeOrClone />} />
          <Route path="avatar" element={<Avatar />} />
          <Route path="studio" element={<StudioList />} />
          <Route path="studio/:clone" element={<StudioPath />}>
            <Route index element={null} />
            <Route path="consent/*" element={<Consent />} />
            <Route path="voice/*" element={<Voice />} />
            <Route path="face/*" element={<FaceModel />} />
            <Route path="knowledge/*" element={<Knowledge />} />
            <Route path="manner/*" element={<Manner />} />
            <Route path="try/*" element={<Try />} />
          </Route>
          <Route path="settings/*" element={<Settings />} />
          <Route path="operations" element={<Operations />} />
          <Route path="sign-in" element={<SignIn />} />
          <Route path="*" element={<Missing />} />
        </Route>
      </Routes>
    </Suspense>
  );
}

/** `/?clone=x` is an older address of `/talk/x`; what else it asks for is kept. */
function HomeOrClone() {
  const { search } = useLocation();
  const wishes = new URLSearchParams(search);
  const clone = wishes.get("clone");
  if (clone === null) return <Home />;
  wishes.delete("clone");
  return <Navigate to={{ pathname: `/talk/${encodeURIComponent(clone)}`, search: wishes.toString() }} replace />;
}
