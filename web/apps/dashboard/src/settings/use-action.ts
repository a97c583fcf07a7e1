import { useState } from "react";

export interface Action {
  readonly busy: boolean;
  /** Why the last run failed; null before, and while one runs. */
  readonly error: Error | null;
  /** Runs the work, unless work is running. What it returns is not kept, so that a secret is where the caller puts it only. */
  readonly run: (work: () => Promise<void>) => void;
}

/** Runs one request at a time and says how it went. */
export function useAction(): Action {
  const [state, setState] = useState<Pick<Action, "busy" | "error">>({ busy: false, error: null });
  const run = (work: () => Promise<void>) => {
    if (state.busy) return;
    setState({ busy: true, error: null });
    work().then(
      () => setState({ busy: false, error: null }),
      (error: unknown) => setState({ busy: false, error: error instanceof Error ? error : new Error(String(error)) }),
    );
  };
  return { ...state, run };
}
