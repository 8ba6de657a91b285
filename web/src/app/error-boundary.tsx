/** A fault of the page itself: say so, and offer a way back (WEB-09). */
import { Component, type ErrorInfo, type ReactNode } from "react";

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error("the page failed", error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="welcome" role="alert">
        <h1>Something broke on this page</h1>
        <p>Your conversation is safe on the server. Load the page again to go on with it.</p>
        <button type="button" className="primary" onClick={() => { location.reload(); }}>
          Load again
        </button>
      </div>
    );
  }
}
