import type { NotificationKind, Risk } from "@heliograph/client";
import { catalogue } from "../shared/language.js";

/** What the section of notifications says. */
export const notificationTexts = catalogue(
  {
    text: "What you are notified of. It is yours, in every browser.",
    viewer: "Only members who may decide are notified. Your role is Viewer, so you get no notifications.",
    kind: "Notification",
    inApp: "Inbox",
    desktop: "Desktop",
    kinds: {
      "approval.requested": "A request waits for a decision",
      "approval.expired": "A request expired without a decision",
      "agent.offline": "An agent went silent while it worked",
      "agent.error": "An agent reports an error",
    } satisfies Record<NotificationKind, string>,
    /** Names a switch: of a kind, and of a column. */
    switch: (kind: string, place: string) => `${kind}: ${place}`,
    alwaysOn: "Always on: a request may be critical.",
    minRisk: "Requests on the desktop",
    minRisks: { low: "Of every risk", medium: "Medium risk and higher", high: "High risk and higher", critical: "Critical risk only" } satisfies Record<Risk, string>,
    notSaved: (problem: string) => `Not saved: ${problem}`,
    browser: "Desktop notifications in this browser",
    browserText: "They appear only while no tab of Heliograph is visible, and close when the request is decided.",
    permissions: {
      granted: "Allowed.",
      denied: "Blocked. Allow notifications for this site in the settings of the browser, then reload the page.",
      default: "Not allowed yet. The browser asks you once.",
      insecure: "Not available over plain HTTP. Open Heliograph over HTTPS, or on localhost.",
      unsupported: "This browser has none for web pages.",
    },
    ask: "Allow notifications",
    try: "Show an example",
    example: "Example of Heliograph",
    exampleText: "Notifications look like this.",
    notShown: "The browser did not show it. On phones many browsers show none for web pages.",
  },
  () => import("./notification-texts.de.js").then(({ german }) => german),
);
