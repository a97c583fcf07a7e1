import type { Agent } from "@heliograph/client";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { agentsTexts } from "./texts.js";

/** When an offline agent was last seen. Not shown for others: heartbeats make no events, so the time would be too old. */
export function LastSeen({ agent }: { readonly agent: Agent }): ReactNode {
  const texts = useTexts(agentsTexts);
  if (agent.status !== "offline") return null;
  return <span>{texts.seen(<Ago at={agent.lastSeenAt} />)}</span>;
}
