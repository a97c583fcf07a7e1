import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number, plural } = formats("en");

/** What was done, by the name of the action; an action that is not here is shown by its name. */
const actions: Readonly<Record<string, string>> = {
  "approval.created": "Asked for an approval",
  "approval.resolved": "Resolved a request",
  "approval.expired": "A request expired",
  "approval.claimed": "Claimed a request",
  "approval.released": "Released a claim",
  "approval.extended": "Extended a deadline",
  "approval.decision_too_late": "Decided after the deadline",
  "agent.registered": "Registered an agent",
  "agent.changed": "Changed an agent",
  "agent.owner_changed": "Gave an agent to another key",
  "message.written": "Wrote a message",
  "member.added": "Added a member",
  "member.role_changed": "Changed a role",
  "member.removed": "Removed a member",
  "member.notifications_changed": "Changed the own notifications",
  "member.sign_in_link_made": "Made a sign-in link",
  "key.issued": "Created an API key",
  "key.rotated": "Rotated an API key",
  "key.revoked": "Revoked an API key",
  "token.revoked": "Revoked a token",
  "session.opened": "Signed in",
  "session.ended": "Ended a session",
  "view.created": "Saved a view",
  "view.changed": "Changed a view",
  "view.deleted": "Deleted a view",
  "event_type.described": "Described an event type",
  "event_type.removed": "Removed the description of an event type",
  "workspace.created": "Created the workspace",
  "audit.exported": "Exported the activity",
};

/** Of approval.resolved, by its outcome. */
const outcomes: Readonly<Record<string, string>> = { approved: "Approved a request", rejected: "Rejected a request", responded: "Answered a request", cancelled: "Cancelled a request" };

/** Of session.ended, by its reason. */
const endings: Readonly<Record<string, string>> = { signed_out: "Signed out", replaced: "Signed in again in the same browser" };

const roles: Readonly<Record<string, string>> = { owner: "Owner", admin: "Admin", operator: "Operator", viewer: "Viewer" };

const subjects: Readonly<Record<string, string>> = {
  approval: "Request",
  agent: "Agent",
  message: "Message",
  member: "Member",
  key: "API key",
  token: "Token",
  session: "Session",
  view: "View",
  event_type: "Event type",
  workspace: "Workspace",
  audit: "Activity",
};

export const activityTexts = catalogue(
  {
    title: "Activity",
    text: "Who changed what, newest first.",
    notAllowed: "Your role does not show the activity",
    notAllowedText: "Owners and admins can read it.",
    notLoaded: "The activity could not be loaded",
    reload: "Reload",
    loading: "Loading the activity",
    none: "No activity yet",
    noMatch: "No entries match the filters",
    noMatchText: "There may be others without them.",
    who: "Who",
    what: "What",
    subject: "Subject",
    when: "When",
    system: "The server",
    byKey: "by key",
    byLink: "signed in by a link of",
    actions,
    outcomes,
    approvedEdited: "Approved a request with changed arguments",
    endings,
    roles,
    change: (from: string, to: string) => `${from} → ${to}`,
    keptKeys: "the API keys were kept",
    subjects,
    newEntries: (count: number) => plural(count, { one: "# new entry", other: "# new entries" }),
    manyNew: (count: number) => `More than ${number(count)} new entries`,
    showMore: "Show more",
    moreFailed: "More entries could not be loaded.",
    shown: (count: number) => plural(count, { one: "# entry is shown.", other: "# entries are shown." }),
    full: (count: number) => `${number(count)} entries are shown. Filter or export to see older ones.`,
    filters: {
      label: "Filters",
      actor: "Who",
      anyone: "Everyone",
      members: "Members",
      agents: "Agents",
      action: "Action",
      anything: "All actions",
      subject: "Id of the subject",
      from: "From",
      to: "To",
      reversed: "From has to be before To.",
      apply: "Apply",
      clear: "Clear filters",
    },
    exports: {
      label: "Export",
      csv: "Export as CSV",
      jsonl: "Export as JSON Lines",
      failed: (reason: string) => `Not exported: ${reason}`,
      done: "The export was saved.",
    },
  },
  () => import("./texts.de.js").then(({ german }) => german),
);

export type ActivityTexts = typeof activityTexts.en;
