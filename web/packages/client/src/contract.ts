// Generated from docs/asyncapi.yaml by scripts/contract.mjs (npm run contract). Do not edit.
import type { Shape } from "./shape.js";

/** A string of which these values are known; others may come with a newer server. */
type Open<T extends string> = T | (string & Record<never, never>);

/** What every durable event has in common. */
export interface Envelope {
  /** evt_… */
  readonly id: string;
  readonly type: string;
  /** Position in the workspace's log; gaps are other members' events. */
  readonly offset: number;
  readonly at: Instant;
  readonly actor: Actor;
  readonly subject?: Subject;
  /** What readers filter by, such as agents/ID or orders/42. */
  readonly topic?: string;
  /** A client that comes back gets only the newest event of the same type, topic, audience and key. */
  readonly key?: string;
  /** By type; see the schemas that end in Event. */
  readonly data: unknown;
  /** The trace of the command, when it was sampled (W3C Trace Context). */
  readonly traceId?: string;
}

export type PublishedEventEnvelope = Envelope & {
  /** Of a type that another service has published; its data is as that service has sent it. */
  readonly type?: string;
};

/** The argument of an event that another service has sent unlogged. */
export interface VolatileEventEnvelope {
  /** evt_… */
  readonly id: string;
  readonly type: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly topic?: string;
  /** As the service has sent it. */
  readonly data: unknown;
}

export interface ApprovalCreated {
  readonly approval: Approval;
  readonly counts: ApprovalCounts;
}

export interface ApprovalUpdated {
  readonly id: string;
  readonly version: number;
  readonly patch: ApprovalPatch;
}

/** The fields that changed. `claim` is null when it was released. */
export interface ApprovalPatch {
  readonly expiresAt?: Instant;
  readonly claim?: Claim | null;
}

export interface ApprovalResolved {
  readonly id: string;
  readonly version: number;
  readonly status: "approved" | "rejected" | "cancelled";
  readonly resolution: Resolution;
  readonly agentId: string;
  readonly counts: ApprovalCounts;
}

export interface ApprovalExpired {
  readonly id: string;
  readonly version: number;
  readonly expiresAt: Instant;
  readonly expiredAt: Instant;
  readonly agentId: string;
  readonly counts: ApprovalCounts;
}

export interface AgentStatusChanged {
  readonly agent: Agent & {
    readonly previousStatus?: AgentStatus;
  };
  readonly counts: AgentCounts;
}

export interface AgentMessageWritten {
  readonly message: AgentMessage;
}

export interface AgentMessageDelta {
  readonly messageId: string;
  readonly agentId: string;
  /** Counts the deltas of one message from 1, whichever node they come through. They may arrive out of order; one that never comes was lost. */
  readonly rev: number;
  readonly append: string;
}

export interface NotificationNew {
  readonly notification: Notification;
  readonly unseen: number;
  readonly unread: number;
}

/** Either `ids` or `all` is present; `before` narrows `all` to those created up to it. */
export interface NotificationRead {
  readonly ids?: readonly string[];
  readonly all?: boolean;
  readonly before?: Instant;
  readonly change: "read" | "unread" | "seen" | "archived";
  readonly cause?: Open<"member" | "subject_resolved">;
  readonly unseen: number;
  readonly unread: number;
}

export interface PresenceUpdate {
  /** Those who look at an approval first, the receiver included. */
  readonly members: readonly PresentMember[];
  /** True when more members are online than are listed; absent otherwise. */
  readonly truncated?: boolean;
}

/** A member with an open socket. */
export interface PresentMember {
  readonly id: string;
  readonly name: string;
  /** The approval that the member looks at, as their client says; it need not exist. */
  readonly approvalId?: string;
}

export interface AuthExpiring {
  readonly expiresAt: Instant;
}

export interface Closing {
  readonly code: string;
  readonly message: string;
}

export interface Drain {
  readonly delayMs: number;
}

export interface Reset {
  readonly reason: Open<"epoch-changed" | "too-old" | "ahead-of-head" | "mismatch" | "other-workspace" | "delivery-failed" | "malformed">;
}

/** The ack of `auth:renew`; `expiresAt` is absent when the credential has no end. */
export interface AuthRenewed {
  readonly ok: boolean;
  readonly expiresAt?: Instant;
}

/** The ack of `topics:watch`: how many topics and patterns the socket watches. `all` is true when it is not narrowed, and `watching` is 0 then. */
export interface TopicsWatched {
  readonly ok: boolean;
  readonly watching: number;
  readonly all?: boolean;
}

/** The ack of `clock`: the server's time. */
export interface ClockRead {
  readonly at: Instant;
}

/** The ack of `presence:set`. */
export interface PresenceSet {
  readonly ok: boolean;
}

/** The ack of an event that was not handled. */
export interface EventRefused {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryAfterMs?: number;
    readonly known?: readonly string[];
    /** With invalid_request, the field that does not fit. */
    readonly errors?: readonly ({
      readonly field: string;
      readonly detail: string;
    })[];
  };
}

/** RFC 3339 in UTC with milliseconds. */
export type Instant = string;

export interface Actor {
  readonly type: Open<"member" | "agent" | "key" | "system">;
  readonly id?: string;
  readonly name?: string;
  readonly credential?: ActorCredential;
  /** Of a member in a session that another member's sign-in link opened: who made that link, and before it who made the links that led to the maker's own session, the first one first. Absent otherwise. */
  readonly signedInBy?: readonly LinkMaker[];
}

/** The API key with which an agent authenticated. */
export interface ActorCredential {
  readonly type: Open<"key">;
  readonly id: string;
  readonly name: string;
}

/** A member that made a sign-in link for another, by the name that it had then. */
export interface LinkMaker {
  readonly id: string;
  readonly name: string;
}

export interface Subject {
  readonly type: Open<"approval" | "agent" | "message" | "notification">;
  readonly id: string;
  readonly version?: number;
}

export type Risk = "low" | "medium" | "high" | "critical";

export type ApprovalStatus = "pending" | "approved" | "rejected" | "expired" | "cancelled";

/** Absolute, for the whole workspace. */
export interface ApprovalCounts {
  readonly pending: number;
  readonly critical: number;
}

export interface Approval {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly externalId?: string;
  readonly title: string;
  /** Markdown; sanitise it when shown. */
  readonly description?: string;
  readonly reasoning?: string;
  readonly confidence?: number;
  readonly risk: Risk;
  readonly tags: readonly string[];
  readonly action: Action;
  readonly allow: Allow;
  /** JSON Schema for edited args. */
  readonly argsSchema?: Readonly<Record<string, unknown>>;
  readonly rejectOptions?: readonly string[];
  readonly status: ApprovalStatus;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly resolvedAt?: Instant;
  readonly claim?: Claim;
  readonly resolution?: Resolution;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly url?: string;
  readonly version: number;
}

export interface Action {
  readonly name: string;
  /** Any JSON but null; left out when truncated. */
  readonly args?: unknown;
  /** Something over 4 kB was left out; GET the approval for it. In events these are args; in lists also preview, description, reasoning, argsSchema and metadata. */
  readonly truncated?: boolean;
  readonly preview?: Preview;
  /** SHA-256 of the canonical JSON (RFC 8785) of name and args. */
  readonly digest: string;
}

/** By kind: text {text}, diff {before, after} or {diff}, table {columns, rows}, link {href, label}. */
export interface Preview {
  readonly kind: Open<"text" | "diff" | "table" | "link">;
}

export interface Allow {
  readonly approve: boolean;
  readonly edit: boolean;
  readonly respond: boolean;
  readonly reject: boolean;
}

export interface Claim {
  readonly by: Actor;
  readonly until: Instant;
}

export interface Resolution {
  readonly outcome: Open<"approved" | "rejected" | "responded" | "cancelled">;
  readonly by: Actor;
  readonly at: Instant;
  readonly reason?: string;
  /** Any JSON but null: the args that the decision approved; absent unless they were edited. */
  readonly args?: unknown;
  readonly argsEdited?: boolean;
  readonly response?: string;
  readonly digest?: string;
}

export type AgentStatus = "idle" | "working" | "waiting_approval" | "error" | "offline";

/** Absolute number of agents by status; a status that no agent has may be left out. */
export type AgentCounts = Readonly<Record<string, number>>;

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly kind?: string;
  readonly owner?: AgentOwner;
  readonly status: AgentStatus;
  readonly statusText?: string;
  readonly currentTask?: string;
  readonly lease: Lease;
  readonly lastSeenAt: Instant;
  readonly pendingApprovals: number;
  readonly error?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt?: Instant;
  readonly version: number;
}

/** The API key that an agent belongs to. Absent while only members have written it. */
export interface AgentOwner {
  /** The `lineage` of the key: its id, or that of the first of the keys that replaced one another by rotation. */
  readonly keyId: string;
  readonly name?: string;
}

export interface Lease {
  readonly seconds: number;
  readonly expiresAt?: Instant;
}

export interface AgentMessage {
  readonly id: string;
  readonly agentId: string;
  readonly seq: number;
  readonly role: Open<"agent" | "tool" | "operator" | "system">;
  readonly kind: Open<"text" | "tool_call" | "tool_result" | "log" | "error">;
  readonly text: string;
  readonly state: "streaming" | "final";
  readonly createdAt: Instant;
  /** The `rev` of the last delta before this text was written, which has the text of all deltas up to it. Absent when there was none. */
  readonly deltaRev?: number;
}

/** What the badge shows (unseen) and what is unread, of one member. */
export interface NotificationCounts {
  readonly unseen: number;
  readonly unread: number;
}

export interface Notification {
  readonly id: string;
  readonly kind: Open<"approval.requested" | "approval.expiring" | "approval.expired" | "approval.resolved" | "agent.offline" | "agent.error" | "mention" | "system">;
  readonly severity: Open<"info" | "warning" | "critical">;
  readonly title: string;
  readonly body?: string;
  readonly subject: Subject;
  /** Relative to the dashboard. */
  readonly url: string;
  readonly count: number;
  readonly dedupeKey?: string;
  readonly createdAt: Instant;
  readonly seenAt?: Instant;
  readonly readAt?: Instant;
  readonly archivedAt?: Instant;
}

/** All of these, by name. */
export interface Contract {
  readonly Envelope: Envelope;
  readonly PublishedEventEnvelope: PublishedEventEnvelope;
  readonly VolatileEventEnvelope: VolatileEventEnvelope;
  readonly ApprovalCreated: ApprovalCreated;
  readonly ApprovalUpdated: ApprovalUpdated;
  readonly ApprovalPatch: ApprovalPatch;
  readonly ApprovalResolved: ApprovalResolved;
  readonly ApprovalExpired: ApprovalExpired;
  readonly AgentStatusChanged: AgentStatusChanged;
  readonly AgentMessageWritten: AgentMessageWritten;
  readonly AgentMessageDelta: AgentMessageDelta;
  readonly NotificationNew: NotificationNew;
  readonly NotificationRead: NotificationRead;
  readonly PresenceUpdate: PresenceUpdate;
  readonly PresentMember: PresentMember;
  readonly AuthExpiring: AuthExpiring;
  readonly Closing: Closing;
  readonly Drain: Drain;
  readonly Reset: Reset;
  readonly AuthRenewed: AuthRenewed;
  readonly TopicsWatched: TopicsWatched;
  readonly ClockRead: ClockRead;
  readonly PresenceSet: PresenceSet;
  readonly EventRefused: EventRefused;
  readonly Instant: Instant;
  readonly Actor: Actor;
  readonly ActorCredential: ActorCredential;
  readonly LinkMaker: LinkMaker;
  readonly Subject: Subject;
  readonly Risk: Risk;
  readonly ApprovalStatus: ApprovalStatus;
  readonly ApprovalCounts: ApprovalCounts;
  readonly Approval: Approval;
  readonly Action: Action;
  readonly Preview: Preview;
  readonly Allow: Allow;
  readonly Claim: Claim;
  readonly Resolution: Resolution;
  readonly AgentStatus: AgentStatus;
  readonly AgentCounts: AgentCounts;
  readonly Agent: Agent;
  readonly AgentOwner: AgentOwner;
  readonly Lease: Lease;
  readonly AgentMessage: AgentMessage;
  readonly NotificationCounts: NotificationCounts;
  readonly Notification: Notification;
}

/** The data of each durable event, by type. */
export interface EventData {
  readonly "approval:created": ApprovalCreated;
  readonly "approval:updated": ApprovalUpdated;
  readonly "approval:resolved": ApprovalResolved;
  readonly "approval:expired": ApprovalExpired;
  readonly "agent:status": AgentStatusChanged;
  readonly "agent:message": AgentMessageWritten;
  readonly "notification:new": NotificationNew;
  readonly "notification:read": NotificationRead;
}

/** The types of all durable events. */
export const eventTypes = ["approval:created", "approval:updated", "approval:resolved", "approval:expired", "agent:status", "agent:message", "notification:new", "notification:read"] as const;

/** The shape of the data of each durable event, by type. */
export const eventShapes: Readonly<Record<keyof EventData, Shape<keyof Contract>>> = {
  "approval:created": "#ApprovalCreated",
  "approval:updated": "#ApprovalUpdated",
  "approval:resolved": "#ApprovalResolved",
  "approval:expired": "#ApprovalExpired",
  "agent:status": "#AgentStatusChanged",
  "agent:message": "#AgentMessageWritten",
  "notification:new": "#NotificationNew",
  "notification:read": "#NotificationRead",
};

/** Shapes by name, for `#Name`. */
export const shapes: Readonly<Record<keyof Contract, Shape<keyof Contract>>> = {
  Envelope: {"id":"string","type":"string","offset":"integer","at":"#Instant","actor":"#Actor","subject?":"#Subject","topic?":"string","key?":"string","data":"json","traceId?":"string"},
  PublishedEventEnvelope: ["all","#Envelope",{"type?":"string"}],
  VolatileEventEnvelope: {"id":"string","type":"string","at":"#Instant","actor":"#Actor","topic?":"string","data":"json"},
  ApprovalCreated: {"approval":"#Approval","counts":"#ApprovalCounts"},
  ApprovalUpdated: {"id":"string","version":"integer","patch":"#ApprovalPatch"},
  ApprovalPatch: {"expiresAt?":"#Instant","claim?":["any","#Claim","null"]},
  ApprovalResolved: {"id":"string","version":"integer","status":["enum","approved","rejected","cancelled"],"resolution":"#Resolution","agentId":"string","counts":"#ApprovalCounts"},
  ApprovalExpired: {"id":"string","version":"integer","expiresAt":"#Instant","expiredAt":"#Instant","agentId":"string","counts":"#ApprovalCounts"},
  AgentStatusChanged: {"agent":["all","#Agent",{"previousStatus?":"#AgentStatus"}],"counts":"#AgentCounts"},
  AgentMessageWritten: {"message":"#AgentMessage"},
  AgentMessageDelta: {"messageId":"string","agentId":"string","rev":"integer","append":"string"},
  NotificationNew: {"notification":"#Notification","unseen":"integer","unread":"integer"},
  NotificationRead: {"ids?":["list","string"],"all?":"boolean","before?":"#Instant","change":["enum","read","unread","seen","archived"],"cause?":"string","unseen":"integer","unread":"integer"},
  PresenceUpdate: {"members":["list","#PresentMember"],"truncated?":"boolean"},
  PresentMember: {"id":"string","name":"string","approvalId?":"string"},
  AuthExpiring: {"expiresAt":"#Instant"},
  Closing: {"code":"string","message":"string"},
  Drain: {"delayMs":"integer"},
  Reset: {"reason":"string"},
  AuthRenewed: {"ok":"boolean","expiresAt?":"#Instant"},
  TopicsWatched: {"ok":"boolean","watching":"integer","all?":"boolean"},
  ClockRead: {"at":"#Instant"},
  PresenceSet: {"ok":"boolean"},
  EventRefused: {"error":{"code":"string","message":"string","retryAfterMs?":"integer","known?":["list","string"],"errors?":["list",{"field":"string","detail":"string"}]}},
  Instant: "string",
  Actor: {"type":"string","id?":"string","name?":"string","credential?":"#ActorCredential","signedInBy?":["list","#LinkMaker"]},
  ActorCredential: {"type":"string","id":"string","name":"string"},
  LinkMaker: {"id":"string","name":"string"},
  Subject: {"type":"string","id":"string","version?":"integer"},
  Risk: ["enum","low","medium","high","critical"],
  ApprovalStatus: ["enum","pending","approved","rejected","expired","cancelled"],
  ApprovalCounts: {"pending":"integer","critical":"integer"},
  Approval: {"id":"string","workspaceId":"string","agentId":"string","externalId?":"string","title":"string","description?":"string","reasoning?":"string","confidence?":"number","risk":"#Risk","tags":["list","string"],"action":"#Action","allow":"#Allow","argsSchema?":["map","json"],"rejectOptions?":["list","string"],"status":"#ApprovalStatus","createdAt":"#Instant","expiresAt":"#Instant","resolvedAt?":"#Instant","claim?":"#Claim","resolution?":"#Resolution","metadata?":["map","json"],"url?":"string","version":"integer"},
  Action: {"name":"string","args?":"json","truncated?":"boolean","preview?":"#Preview","digest":"string"},
  Preview: {"kind":"string"},
  Allow: {"approve":"boolean","edit":"boolean","respond":"boolean","reject":"boolean"},
  Claim: {"by":"#Actor","until":"#Instant"},
  Resolution: {"outcome":"string","by":"#Actor","at":"#Instant","reason?":"string","args?":"json","argsEdited?":"boolean","response?":"string","digest?":"string"},
  AgentStatus: ["enum","idle","working","waiting_approval","error","offline"],
  AgentCounts: ["map","integer"],
  Agent: {"id":"string","name":"string","kind?":"string","owner?":"#AgentOwner","status":"#AgentStatus","statusText?":"string","currentTask?":"string","lease":"#Lease","lastSeenAt":"#Instant","pendingApprovals":"integer","error?":"string","metadata?":["map","json"],"createdAt?":"#Instant","version":"integer"},
  AgentOwner: {"keyId":"string","name?":"string"},
  Lease: {"seconds":"integer","expiresAt?":"#Instant"},
  AgentMessage: {"id":"string","agentId":"string","seq":"integer","role":"string","kind":"string","text":"string","state":["enum","streaming","final"],"createdAt":"#Instant","deltaRev?":"integer"},
  NotificationCounts: {"unseen":"integer","unread":"integer"},
  Notification: {"id":"string","kind":"string","severity":"string","title":"string","body?":"string","subject":"#Subject","url":"string","count":"integer","dedupeKey?":"string","createdAt":"#Instant","seenAt?":"#Instant","readAt?":"#Instant","archivedAt?":"#Instant"},
};
