import { ContractMismatch } from "./problem.js";
import { isObject } from "./validation.js";

/** How many approvals were created in a time, and how many ended in it. */
export interface DecisionCounts {
  readonly created: number;
  readonly approved: number;
  /** Without those that were responded to. */
  readonly rejected: number;
  readonly responded: number;
  readonly expired: number;
  readonly cancelled: number;
  /** Of the approved ones, those with other args. */
  readonly edited: number;
}

/** The counts of one hour or day, which begins `at`, RFC 3339. */
export interface DecisionBucket extends DecisionCounts {
  readonly at: string;
}

/** Decisions of a time in figures. The first and the last bucket may be partial. */
export interface DecisionStatistics {
  /** Later than asked for when `truncated`. RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly bucket: "hour" | "day";
  /** Whether there were too many approvals, so that the oldest are not counted. */
  readonly truncated: boolean;
  /** The oldest first, without a gap. */
  readonly buckets: readonly DecisionBucket[];
  readonly totals: DecisionCounts;
  /** Of approved, rejected and responded ones; absent without any. */
  readonly medianSecondsToDecide?: number;
  readonly p95SecondsToDecide?: number;
  /** Of those that were decided or expired, 0 to 1; absent without any. */
  readonly expiredShare?: number;
  /** Of the approved ones, 0 to 1; absent without any. */
  readonly editedShare?: number;
  /** How many members decided. */
  readonly byPeople: number;
  /** How many were decided without a member. */
  readonly byRules: number;
  /** The cursor of the log to which the figures correspond. */
  readonly asOf: string;
}

/** A span of time; by default the last 24 hours, or the last 30 days with `bucket: "day"`. */
export interface StatisticsFilter {
  /** RFC 3339. */
  readonly from?: string;
  /** Before this time, RFC 3339. */
  readonly to?: string;
  readonly bucket?: DecisionStatistics["bucket"];
  readonly agentId?: string;
}

const counted = ["created", "approved", "rejected", "responded", "expired", "cancelled", "edited"] as const satisfies readonly (keyof DecisionCounts)[];
const optional = ["medianSecondsToDecide", "p95SecondsToDecide", "expiredShare", "editedShare"] as const satisfies readonly (keyof DecisionStatistics)[];

/** Reads the statistics as the server sends them. Throws ContractMismatch. */
export function decisionStatisticsOf(body: unknown): DecisionStatistics {
  const statistics = fieldsOf(body, "the answer");
  const { bucket, buckets } = statistics;
  if (bucket !== "hour" && bucket !== "day") throw new ContractMismatch("the statistics have no bucket of an hour or day");
  if (!Array.isArray(buckets)) throw new ContractMismatch("the statistics have no list of buckets");
  const known = optional.filter((name) => statistics[name] !== undefined);
  return {
    from: textOf(statistics, "from"),
    to: textOf(statistics, "to"),
    bucket,
    truncated: statistics["truncated"] === true,
    buckets: buckets.map((item: unknown) => ({ at: textOf(fieldsOf(item, "a bucket"), "at"), ...countsOf(item, "a bucket") })),
    totals: countsOf(statistics["totals"], "totals"),
    ...Object.fromEntries(known.map((name) => [name, numberOf(statistics, name)])),
    byPeople: numberOf(statistics, "byPeople"),
    byRules: numberOf(statistics, "byRules"),
    asOf: textOf(statistics, "asOf"),
  };
}

function countsOf(value: unknown, what: string): DecisionCounts {
  const fields = fieldsOf(value, what);
  return Object.fromEntries(counted.map((name) => [name, numberOf(fields, name)])) as Record<(typeof counted)[number], number>;
}

function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (!isObject(value)) throw new ContractMismatch(`${what} of the statistics is no object`);
  return value;
}

function numberOf(fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw new ContractMismatch(`the statistics have no number of ${name}`);
  return value;
}

function textOf(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new ContractMismatch(`the statistics have no ${name}`);
  return value;
}
