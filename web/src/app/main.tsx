import "@fontsource-variable/figtree/wght.css";
import "@/ui/theme.css";
import "@/ui/controls.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { ConfirmProvider } from "@/ui/confirm";
import { startTheme } from "@/ui/theme";
import { ToastProvider } from "@/ui/toasts";
import { App } from "./app";
import { ErrorBoundary } from "./error-boundary";
import { startInstalling } from "./installing";
import { makeQueryClient } from "./query";
import { startUpdates } from "./updates";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root element");
startTheme();
startInstalling();
startUpdates();
createRoot(root).render(
  <StrictMode>
    <Suspense fallback={null}>
      <ErrorBoundary>
        <QueryClientProvider client={makeQueryClient()}>
          <BrowserRouter>
            <ToastProvider>
              <ConfirmProvider>
                <App />
              </ConfirmProvider>
            </ToastProvider>
          </BrowserRouter>
        </QueryClientProvider>
      </ErrorBoundary>
    </Suspense>
  </StrictMode>,
);
