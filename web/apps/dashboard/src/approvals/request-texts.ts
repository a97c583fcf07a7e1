import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { plural } = formats("en");

/** What the open request says. It is loaded with the request's pane. */
export const requestTexts = catalogue(
  {
    notFound: "Request not found",
    notLoaded: "The request could not be loaded",
    reload: "Reload",
    asked: (agent: ReactNode, ago: ReactNode) => rich`${agent} asked ${ago}`,
    byKey: (name: ReactNode) => rich`by key ${name}`,
    /** Names of parts of the page, for what could not be shown. */
    parts: {
      description: "The description",
      argsTable: "The table of the arguments",
      preview: "The preview",
      args: "The arguments",
      editor: "The editor of the arguments",
      edits: "The list of your changes",
      extend: "The menu of deadlines",
      confirm: "The question before the approval",
      resolution: "The decision",
      history: "The history",
      messages: "The agent's messages",
    },
    action: "Action",
    digest: (digest: string) => `The decision applies to exactly these arguments: SHA-256 ${digest}`,
    preview: "Preview",
    changes: "Changes",
    reasoning: "Reasoning",
    confidence: "The agent's confidence",
    sure: (percent: number) => `${percent} % sure`,
    somebody: "Somebody",
    claimedBy: (name: ReactNode) => rich`${name} has claimed this request`,
    overtaken: {
      deadline: "The deadline passed first. Your decision wasn't recorded.",
      cancelledByYou: "You cancelled the request first. Your decision wasn't recorded.",
      cancelledBy: (name: string) => `${name} cancelled the request first. Your decision wasn't recorded.`,
      decidedByYou: "You decided first, in another window. This decision wasn't recorded.",
      decidedBy: (name: string) => `${name} decided first. Your decision wasn't recorded.`,
    },
    byLink: (makers: ReactNode) => rich`in a session of a sign-in link that ${makers} made`,
    canAskAgain: "the agent can request again",
    decision: "Decision",
    approve: "Approve",
    approveChanged: "Approve with changes",
    reject: "Reject",
    edit: "Edit",
    discardChanges: "Discard changes",
    respond: "Respond",
    keys: (approve: ReactNode, reject: ReactNode) => rich`${approve} approve ${reject} reject`,
    argsMissing: "The arguments are not here yet.",
    argsNull: "Arguments cannot be null.",
    failed: (problem: string) => `The decision failed: ${problem}`,
    dismiss: "Dismiss",
    note: "A note to the agent",
    noteOptional: "A note to the agent (optional)",
    unsentNote: "Your note (not sent)",
    unsentArgs: "Your arguments (not sent)",
    argsToApprove: "Arguments to approve instead",
    argsToApproveText: "JSON. The agent runs the action with these. What you do not change stays as it is.",
    editor: { editAs: "Edit as", form: "Form", text: "Text", noJson: "The form needs valid JSON." },
    discardTyped: "Discard what I typed",
    noFurther: "No further requests. Back to the queue",
    next: "Next request",
    suggested: "Suggested reasons",
    /** When the request suggests none. */
    rejectOptions: ["Not now", "Needs more information", "Wrong target"],
    history: "History",
    messages: "The agent's last messages",
    blocked: {
      viewer: "Viewers cannot decide.",
      offline: "Offline: decisions cannot be sent.",
      signedOut: "Sign in again to decide.",
      deadline: "The deadline has passed by this computer's clock. The server decides.",
      unread: "Approve waits until you have seen all of it.",
    },
    lessThan: {
      seconds: "Less than 20 seconds left to decide",
      minute: "Less than 1 minute left to decide",
      minutes: "Less than 5 minutes left to decide",
    },
    /** Behind one of those. */
    canExtend: (text: string) => `${text}. The deadline can be extended.`,
    /** Of a part of the request, how much of it is below. */
    continues: {
      args: (lines: number) => plural(lines, { one: "Arguments continue: # more line below", other: "Arguments continue: # more lines below" }),
      changes: (lines: number) => plural(lines, { one: "Changes continue: # more line below", other: "Changes continue: # more lines below" }),
    },
    argsFolded: "Parts of the arguments are closed in the tree.",
    scroll: "Scroll down",
    confirm: {
      title: "Approve a critical request?",
      type: (word: ReactNode) => rich`Type ${word} to approve`,
      /** The word when the request has none. */
      word: "approve",
      explanations: {
        title: "A word of the title, in upper or lower case. A decision is final.",
        action: "A word of the action's name, in upper or lower case. A decision is final.",
        none: "In upper or lower case. A decision is final.",
      },
      cancel: "Cancel",
    },
    json: {
      showAs: "Show as",
      table: "Table",
      tree: "Tree",
      text: "JSON",
      copy: "Copy",
      copied: "Copied",
      copyByHand: "The browser does not let this page copy. Copy the selected text:",
      emptyList: "(empty list)",
      noFields: "(no fields)",
    },
  },
  () => import("./request-texts.de.js").then(({ german }) => german),
);

export type RequestTexts = typeof requestTexts.en;
