import { checkShape } from "./check-shape.js";
import type { Risk } from "./contract.js";
import type { Shape } from "./shape.js";

/** The kinds of notifications that members turn on and off. */
export const notificationKinds = ["approval.requested", "approval.expired", "agent.offline", "agent.error"] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** A switch for each kind. */
export type NotificationSwitches = Readonly<Record<NotificationKind, boolean>>;

/** Which notifications a member gets. */
export interface NotificationPreferences {
  /** What comes into the inbox. Requests of an approval cannot be turned off. */
  readonly inApp: NotificationSwitches;
  /** Of what comes into the inbox, what a browser also shows on the desktop; of requests, those of `minRisk` or more. */
  readonly desktop: NotificationSwitches & { readonly minRisk: Risk };
}

const switches = Object.fromEntries(notificationKinds.map((kind) => [kind, "boolean"])) as Record<NotificationKind, "boolean">;

const shape: Shape<"Risk"> = { inApp: switches, desktop: { ...switches, minRisk: "#Risk" } };

/** Reads preferences as the server sends them. Throws ContractMismatch. */
export function preferencesOf(body: unknown): NotificationPreferences {
  checkShape(body, shape, "preferences");
  return body as NotificationPreferences;
}
