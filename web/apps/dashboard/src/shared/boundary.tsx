import { Button } from "@mantine/core";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Empty } from "./empty.js";
import { useTexts } from "./language.js";
import { PartNotLoaded } from "./lazy-part.js";
import { sharedTexts } from "./texts.js";

interface BoundaryProps {
  readonly children: ReactNode;
  /** What the part is, from a catalogue: `The queue`, or `Liste` in German, where a colon follows. */
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
    return <Failed name={name} failure={failure} onRetry={() => this.setState({ failure: "none" })} />;
  }
}

interface FailedProps {
  readonly name: string;
  readonly failure: "render" | "load";
  readonly onRetry: () => void;
}

function Failed({ name, failure, onRetry }: FailedProps): ReactNode {
  const texts = useTexts(sharedTexts);
  // A browser does not fetch code again that failed to load, and a new version has other files: only a reload of the page helps.
  return failure === "load" ? (
    <Empty title={texts.partNotLoaded(name)}>
      <p>{texts.partNotLoadedText}</p>
      <Button mt="sm" size="compact-md" variant="light" onClick={() => location.reload()}>
        {texts.reloadPage}
      </Button>
    </Empty>
  ) : (
    <Empty title={texts.partNotShown(name)}>
      <p>{texts.partNotShownText}</p>
      <Button mt="sm" size="compact-md" variant="light" onClick={onRetry}>
        {texts.reload}
      </Button>
    </Empty>
  );
}
