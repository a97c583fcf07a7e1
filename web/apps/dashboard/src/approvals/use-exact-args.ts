import type { Approval } from "@heliograph/client";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "../session/session-context.js";
import { readJson, writeJson, type Json } from "../shared/exact-json.js";

/**
 * The action's arguments as JSON text; undefined while they are not here. As soon as the server's own text is read it is that, in which
 * `1.0` is not `1` and keys have their order. They never change.
 */
export function useExactArgs(approval: Approval): string | undefined {
  const { client } = useSession();
  const query = useQuery({
    queryKey: ["heliograph-exact-args", approval.id],
    queryFn: async ({ signal }) => argsIn(await client.rest.approvalText(approval.id, signal)) ?? null,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    networkMode: "always",
  });
  if (approval.action.truncated === true) return undefined;
  return query.data ?? JSON.stringify(approval.action.args ?? {});
}

/** The arguments in an approval's JSON. */
export function argsIn(approval: string): string | undefined {
  const action = fieldOf(readJson(approval, { exactNumbers: false }), "action");
  const args = action === undefined ? undefined : fieldOf(action, "args");
  return args === undefined ? undefined : writeJson(args);
}

function fieldOf(value: Json, name: string): Json | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, Json>).get(name) : undefined;
}
