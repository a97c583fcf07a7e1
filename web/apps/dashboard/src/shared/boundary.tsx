import { Button } from "@mantine/core";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Empty } from "./empty.js";
import { PartNotLoaded } from "./lazy-part.js";

interface BoundaryProps {
  readonly children: ReactNode;
  /** What the part is, as the begin of a sentence: `The queue`. */
  readonly name: string;
  /** Shown instead of the part that failed; without it a message with a button to try again. */
  readonly fallback?: ReactNode;
}

interface BoundaryState {
  readonly failure: "none" | "render" | "load";
}

/** Keeps an error while rendering a part, or loading its code, from taking the rest of the page with it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: "none" };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: error instanceof PartNotLoaded ? "load" : "render" };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`${this.props.name} could not be shown.`, error, info.componentStack);
  }

  override render(): ReactNode {
    const { name, fallback, children } = this.props;
    const { failure } = this.state;
    if (failure === "none") return children;
    if (fallback !== undefined) return fallback;
    // A browser does not fetch code again that failed to load, and a new version has other files: only a reload of the page helps.
    return failure === "load" ? (
      <Empty title={`${name} could not be loaded`}>
        <p>Heliograph may have been updated, or the connection was lost. What you typed is kept.</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </Empty>
    ) : (
      <Empty title={`${name} could not be shown`}>
        <p>The rest of the page works.</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => this.setState({ failure: "none" })}>
          Reload
        </Button>
      </Empty>
    );
  }
}
