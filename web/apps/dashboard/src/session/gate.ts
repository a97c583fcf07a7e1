import type { Account, SignInPreview } from "./session.js";

/** What is to be answered before a session can be opened. */
export type SignInGate =
  /** A link was opened. It signs in after a click on "Sign in". */
  | { readonly state: "asking"; readonly code: string; readonly preview: SignInPreview; readonly busy: boolean }
  /** `current` is the account that is still signed in with this browser. */
  | { readonly state: "signed_out"; readonly problem?: string; readonly current?: Account | undefined };

/** The state of the page until a session is open. */
export type Gate =
  | { readonly state: "checking" }
  /** The server cannot be reached; with `answered`, it answered that it cannot serve the request now. `problem` is absent when nothing more is known. */
  | { readonly state: "waiting"; readonly answered: boolean; readonly problem?: string; readonly code: string }
  | SignInGate;
