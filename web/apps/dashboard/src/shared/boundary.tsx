import { Button } from "@mantine/core";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Empty } from "./empty.js";

interface BoundaryProps {
  readonly children: ReactNode;
  /** What the part is, as the begin of a sentence: `The queue`. */
  readonly name: string;
  /** Shown instead of the part that failed; without it a message with a button to try again. */
  readonly fallback?: ReactNode;
}

/** Keeps an error while rendering a part from taking the rest of the page with it. */
export class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`${this.props.name} could not be shown.`, error, info.componentStack);
  }

  override render(): ReactNode {
    const { name, fallback, children } = this.props;
    if (!this.state.failed) return children;
    if (fallback !== undefined) return fallback;
    return (
      <Empty title={`${name} could not be shown`}>
        <p>The rest of the page works.</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => this.setState({ failed: false })}>
          Reload
        </Button>
      </Empty>
    );
  }
}
