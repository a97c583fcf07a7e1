import { checkShape } from "./check-shape.js";
import type { Shape } from "./shape.js";

/** A filter of a screen under a name. */
export interface SavedView {
  readonly id: string;
  /** Unique among the owner's views, in any case. */
  readonly name: string;
  /** Others than these may come with a newer server. */
  readonly screen: "approvals" | "agents" | "activity" | (string & Record<never, never>);
  /** The search string of the screen's address. */
  readonly query: string;
  /** Whether all members of the workspace see it. */
  readonly shared: boolean;
  readonly owner: { readonly id: string; readonly name: string };
  /** RFC 3339. */
  readonly createdAt: string;
  readonly version: number;
}

export interface NewView {
  /** 1 to 60 characters, no space at its ends. */
  readonly name: string;
  readonly screen: "approvals" | "agents" | "activity";
  /** At most 2,000 characters. */
  readonly query: string;
  /** False when left out; not for viewers. */
  readonly shared?: boolean;
}

/** What is left out stays. */
export type ViewChange = Partial<Pick<NewView, "name" | "query" | "shared">>;

const shape: Shape<never> = {
  id: "string",
  name: "string",
  screen: "string",
  query: "string",
  shared: "boolean",
  owner: { id: "string", name: "string" },
  createdAt: "string",
  version: "integer",
};

/** Reads a view as the server sends it. Throws ContractMismatch. */
export function viewOf(body: unknown): SavedView {
  checkShape(body, shape, "view");
  return body as SavedView;
}

/** Reads the list. Throws ContractMismatch. */
export function viewsOf(data: unknown): readonly SavedView[] {
  checkShape(data, ["list", shape], "/v1/views");
  return data as readonly SavedView[];
}
