import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number } = formats("en");

export const inboxTexts = catalogue(
  {
    title: "Notifications",
    markAllRead: "Mark all read",
    notMarked: (problem: string) => `Not marked as read: ${problem}`,
    part: "The inbox",
    none: "No notifications",
    noneText: "Approval requests and agent errors appear here.",
    times: (count: number) => `×${number(count)}`,
    unread: "unread",
  },
  () => import("./inbox-texts.de.js").then(({ german }) => german),
);
