import type { AuditFilter } from "@heliograph/client";

/** Longer values of parameters are no ids or names. */
const MAX_LENGTH = 300;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const names = ["actor", "action", "subject", "from", "to"] as const;

/** Reads the filter from a query string. What is unknown or malformed is ignored. */
export function filterOf(search: string): AuditFilter {
  const parameters = new URLSearchParams(search);
  const found = names.flatMap((name) => {
    const value = parameters.get(name)?.trim() ?? "";
    const valid = value !== "" && value.length <= MAX_LENGTH && (name === "from" || name === "to" ? isInstant(value) : true);
    return valid ? [[name, value] as const] : [];
  });
  const filter: AuditFilter = Object.fromEntries(found);
  if (!isReversed(filter)) return filter;
  const { from, to, ...others } = filter;
  return others;
}

/** The query string of a filter: empty without one, else with its `?`. */
export function searchOf(filter: AuditFilter): string {
  const given = names.flatMap((name) => (filter[name] === undefined || filter[name] === "" ? [] : [[name, filter[name]]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** Whether the times exclude each other. */
export function isReversed({ from, to }: AuditFilter): boolean {
  return from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to);
}

function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}
