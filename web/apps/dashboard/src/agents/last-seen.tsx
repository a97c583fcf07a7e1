import type { Agent } from "@heliograph/client";
import type { ReactNode } from "react";
import { Ago } from "../shared/time.js";

/** When an agent that is gone was last heard. Of one that is there, heartbeats make no event, so any age shown would be wrong. */
export function LastSeen({ agent }: { readonly agent: Agent }): ReactNode {
  if (agent.status !== "offline") return null;
  return (
    <span>
      seen <Ago at={agent.lastSeenAt} />
    </span>
  );
}
