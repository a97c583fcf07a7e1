import { checkShape } from "./check-shape.js";
import type { Shape } from "./shape.js";

/** A limit and how much of it is used. */
export interface LimitUse {
  /** Such as `pendingApprovals`; with `scope` it names the limit. */
  readonly name: string;
  /** Now; of a rate, what is used of the burst. It may be more than a limit that was lowered. */
  readonly used: number;
  readonly limit: number;
  /** What is counted, such as `agents` or `bytes`. */
  readonly unit: string;
  /** Whose limit it is; `agent`: of each agent, `used` being that of the one that uses most. */
  readonly scope: "workspace" | "caller" | "agent";
  /** Whether each node counts for itself; `used` is then that of the node that answered. */
  readonly perNode: boolean;
  /** Of a rate: how many come back in a second. */
  readonly perSecond?: number;
  /** The server's setting that changes the limit. */
  readonly setting: string;
}

const shape: Shape<never> = [
  "list",
  {
    name: "string",
    used: "number",
    limit: "number",
    unit: "string",
    scope: ["enum", "workspace", "caller", "agent"],
    perNode: "boolean",
    "perSecond?": "number",
    setting: "string",
  },
];

/** Reads the list. Throws ContractMismatch. */
export function usageOf(data: unknown): readonly LimitUse[] {
  checkShape(data, shape, "/v1/usage");
  return data as readonly LimitUse[];
}
