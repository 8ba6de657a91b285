/** A fault of the page itself: say so, and offer a way back (WEB-09). */
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "@/ui/button";
import { useAppWords } from "./words";

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error("the page failed", error, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const t = useAppWords();
  return (
    <div className="welcome" role="alert">
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.text")}</p>
      <Button look="primary" onClick={() => { location.reload(); }}>
        {t("broken.action")}
      </Button>
    </div>
  );
}
