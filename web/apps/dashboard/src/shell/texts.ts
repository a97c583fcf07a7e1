import { connectionStatusTexts } from "@heliograph/react";
import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("en");

export const shellTexts = catalogue(
  {
    skip: "Skip to content",
    main: "Main",
    screens: { overview: "Overview", approvals: "Approvals", agents: "Agents", activity: "Activity", settings: "Settings" },
    /** For screen readers, behind the number of pending requests. */
    pending: "pending",
    /** Names of parts of the page, for what could not be shown. */
    parts: { overview: "The overview", agents: "The list of agents", agent: "The agent", activity: "The activity", settings: "The settings", inbox: "The inbox", account: "Your account's menu", shortcuts: "The list of shortcuts", palette: "The command palette", toasts: "The messages" },
    connection: connectionStatusTexts,
    banner: {
      offlineSpoken: "Offline. Decisions cannot be sent.",
      lostSpoken: "Connection lost. The data is not up to date.",
      offline: (age: ReactNode) => rich`Offline. The data is ${age}; decisions cannot be sent.`,
      lost: (age: ReactNode) => rich`Connection lost. The data is ${age}.`,
      ageUnknown: "of unknown age",
      age: (span: string) => `from ${span} ago`,
      retryNow: "Retry now",
      endedSpoken: "Your session has ended. Sign in again to continue.",
      ended: "Your session has ended. Open a new sign-in link in another tab, then continue here. Your input is kept.",
      noSession: "No new session found.",
      signedIn: "I have signed in",
    },
    notifications: "Notifications",
    unseen: (count: number) => `Notifications, ${number(count)} unseen`,
    loadingInbox: "Loading the inbox",
    account: "Your account and settings",
    /** Names the notice. */
    session: "About this session",
    signedInBy: (makers: ReactNode) => rich`You were signed in by a link that ${makers} made. Your actions are marked with it.`,
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
