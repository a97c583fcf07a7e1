export { createClient, type ClientOptions, type HeliographClient, type Overrides } from "./client.js";
export type { BrowserSignal, BrowserSignals } from "./browser-signals.js";
export type { AgentTopics, Carrier, CarrierEnd, CarrierListener, CarrierOptions, OpenCarrier } from "./carrier.js";
export { eventTypes } from "./contract.js";
export type {
  Action,
  Actor,
  ActorCredential,
  Agent,
  AgentCounts,
  AgentMessage,
  AgentMessageDelta,
  AgentMessageWritten,
  AgentOwner,
  AgentStatus,
  AgentStatusChanged,
  Allow,
  Approval,
  ApprovalCounts,
  ApprovalCreated,
  ApprovalExpired,
  ApprovalPatch,
  ApprovalResolved,
  ApprovalStatus,
  ApprovalUpdated,
  Claim,
  Envelope,
  EventData,
  Lease,
  LinkMaker,
  Notification,
  NotificationNew,
  NotificationRead,
  PresenceUpdate,
  PresentMember,
  Preview,
  Resolution,
  Risk,
  Subject,
} from "./contract.js";
export type { CursorMemory } from "./cursor-memory.js";
export { isAfter, parseCursor, type Position } from "./cursor.js";
// With the star, `declare module "@heliograph/client"` reaches the interface.
export type * from "./custom-events.js";
export {
  isKnown,
  isType,
  type AnyEvent,
  type CustomEvent,
  type CustomEventType,
  type CustomName,
  type EventBatch,
  type EventOf,
  type EventType,
  type HeliographEvent,
  type ReservedFamily,
  type UnknownEvent,
} from "./events.js";
export { GRACE, indicate, indicationTexts, nextChangeAt, STALE, type Indication, type IndicationKind, type IndicationTexts } from "./indication.js";
export { defaultRules, type Rules, type Transport, type Status } from "./machine.js";
export { notificationKinds, type NotificationKind, type NotificationPreferences, type NotificationSwitches } from "./preferences.js";
export type { PresenceState } from "./presence.js";
export {
  ApiProblem,
  ContractMismatch,
  endsSession,
  errorCodes,
  isCredentialCode,
  SignInNeeded,
  Unreachable,
  type ErrorCode,
} from "./problem.js";
export { approvalIn, JsonText } from "./rest.js";
export type {
  AgentPage,
  ApprovalFacets,
  ApprovalFilter,
  ApprovalPage,
  ApprovalSort,
  ApprovalStatusCounts,
  Decision,
  EventPage,
  Facet,
  MarkChange,
  MarkTarget,
  NotificationPage,
  Page,
  Paging,
  RestClient,
} from "./rest.js";
export { claimsOf, type Credential, type GetToken } from "./session.js";
export type { ConnectionSnapshot } from "./snapshot.js";
export type { BulkDecision, BulkResult } from "./bulk.js";
export type { DecisionBucket, DecisionCounts, DecisionStatistics, StatisticsFilter } from "./statistics.js";
export { Store, type Readable } from "./store.js";
export { systemTiming, type Timing } from "./timing.js";
export type { LimitUse } from "./usage.js";
export type { NewView, SavedView, ViewChange } from "./views.js";
export { roles, scopes } from "./workspace.js";
export type { ApiKey, AuditEntry, AuditFilter, AuditFormat, BrowserSession, Member, NewApiKey, NewMember, Role, Scope, ShownApiKey } from "./workspace.js";
