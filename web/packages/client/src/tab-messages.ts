import type { AgentTopics } from "./carrier.js";
import type { AgentMessageDelta, PresenceUpdate } from "./contract.js";
import type { AnyEvent } from "./events.js";
import type { Looking } from "./presence.js";
import type { ClockReading } from "./server-clock.js";
import type { Credential } from "./session.js";
import type { ConnectionSnapshot } from "./snapshot.js";

/** Messages from a tab to the hub. */
export type TabMessage =
  /** The tab is open and has everything up to `cursor`; answered by `catch_up` or `reset_one`. */
  | { readonly type: "hello"; readonly tab: string; readonly cursor: string | null; readonly topics: AgentTopics; readonly visible: boolean; readonly looking: Looking }
  | { readonly type: "looking"; readonly tab: string; readonly looking: Looking }
  | { readonly type: "topics"; readonly tab: string; readonly topics: AgentTopics }
  | { readonly type: "visible"; readonly tab: string; readonly visible: boolean }
  | { readonly type: "browser_signal"; readonly signal: "network_up" | "network_down" | "resumed" }
  | { readonly type: "retry" }
  | { readonly type: "measure"; readonly tab: string }
  /** A response told the server's clock. */
  | { readonly type: "clock"; readonly reading: ClockReading }
  | { readonly type: "signed_in" }
  | { readonly type: "unauthorized"; readonly reason: string }
  | { readonly type: "ping"; readonly tab: string }
  | { readonly type: "token"; readonly request: string; readonly credential: Credential }
  | { readonly type: "no_token"; readonly request: string; readonly reason: string; readonly ended: boolean }
  | { readonly type: "bye"; readonly tab: string };

/** Messages from the hub, to all tabs unless `tab` names one. */
export type HubMessage =
  /** A hub has started; tabs answer with `hello`. */
  | { readonly type: "hub"; readonly hub: string }
  | { readonly type: "snapshot"; readonly hub: string; readonly snapshot: ConnectionSnapshot; readonly visible: boolean }
  /** The events after `after`. A tab that has a gap before that posts `hello`. `unattended` is the tab that hears that no tab is visible. */
  | { readonly type: "batch"; readonly after: string; readonly upTo: string; readonly events: readonly AnyEvent[]; readonly replayed: boolean; readonly unattended?: string }
  | { readonly type: "delta"; readonly delta: AgentMessageDelta }
  /** Who is online; undefined when that is not known. */
  | { readonly type: "presence"; readonly update: PresenceUpdate | undefined }
  | { readonly type: "reset"; readonly reason: string; readonly cursor: string }
  | { readonly type: "catch_up"; readonly tab: string; readonly events: readonly AnyEvent[]; readonly upTo: string }
  | { readonly type: "reset_one"; readonly tab: string; readonly reason: string; readonly cursor: string }
  | { readonly type: "measured"; readonly tab: string }
  | { readonly type: "pong"; readonly tab: string; readonly visible: boolean; readonly carried: boolean }
  | { readonly type: "token_request"; readonly tab: string; readonly request: string };

export type SharedMessage = TabMessage | HubMessage;

/** Changes with the messages, so that tabs of two builds do not mix: each build's tabs share a connection of their own. */
const PROTOCOL = 5;

/** The names of channel, locks and worker of one scope. */
export function namesOf(scope: string): { readonly channel: string; readonly leader: string; readonly tabs: string; readonly worker: string } {
  const prefix = `heliograph:${PROTOCOL}`;
  return { channel: `${prefix}:${scope}`, leader: `${prefix}:leader:${scope}`, tabs: `${prefix}:tab:${scope}:`, worker: `${prefix}:${scope}` };
}
