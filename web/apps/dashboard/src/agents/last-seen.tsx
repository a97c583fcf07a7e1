import type { Agent } from "@heliograph/client";
import type { ReactNode } from "react";
import { Ago } from "../shared/time.js";

/** When an offline agent was last seen. Not shown for others: heartbeats make no events, so the time would be too old. */
export function LastSeen({ agent }: { readonly agent: Agent }): ReactNode {
  if (agent.status !== "offline") return null;
  return (
    <span>
      seen <Ago at={agent.lastSeenAt} />
    </span>
  );
}
