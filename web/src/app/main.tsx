import "@fontsource-variable/figtree/wght.css";
import "@/ui/theme.css";
import "@/ui/controls.css";
import "@/features/conversation/conversation.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { ErrorBoundary } from "./error-boundary";
import { chosenClone, meet } from "./meet";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root element");
const first = meet(chosenClone());
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App first={first} />
    </ErrorBoundary>
  </StrictMode>,
);
