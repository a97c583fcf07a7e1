import { checkShape } from "./check-shape.js";
import type { Approval, Contract, Resolution } from "./contract.js";
import type { Shape } from "./shape.js";
import { isObject } from "./validation.js";

/** One of several decisions that are sent together. */
export interface BulkDecision {
  readonly id: string;
  readonly outcome: "approved" | "rejected";
  /** The digest of the shown action: `approval.action.digest`. */
  readonly digest: string;
  readonly reason?: string;
}

/** What became of one of them, as the single request is answered: the stored approval, or the problem. */
export interface BulkResult {
  readonly id: string;
  /** Status code of HTTP. */
  readonly status: number;
  readonly approval?: Approval;
  readonly problem?: { readonly code: string; readonly title: string; readonly detail?: string; readonly resolution?: Resolution };
}

const result: Shape<keyof Contract & ("Approval" | "Resolution")> = {
  id: "string",
  status: "integer",
  "approval?": "#Approval",
  "problem?": { code: "string", title: "string", "detail?": "string", "resolution?": "#Resolution" },
};

/** Reads the results as the server sends them. Throws ContractMismatch. */
export function bulkResultsOf(body: unknown): readonly BulkResult[] {
  const data = isObject(body) ? body["data"] : undefined;
  checkShape(data, ["list", result], "results");
  return data as readonly BulkResult[];
}
