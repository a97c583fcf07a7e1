export { ConnectionStatus, type ConnectionStatusProps } from "./connection-status.js";
export { ageText, connectionStatusTexts, type ConnectionStatusTexts } from "./connection-status-texts.js";
export { copyText } from "./copy-text.js";
export { LiveCache, keys, type DecisionState } from "./live-cache.js";
export { WebSocketProvider } from "./provider.js";
export { useConnectionStatus, useNow, type ConnectionStatusView } from "./use-connection-status.js";
export { useDecision, type DecisionControls } from "./use-decision.js";
export { useEvent } from "./use-event.js";
export type { ListState } from "./live-query.js";
export { useAgentMessages, type AgentMessagesOptions, type AgentMessagesState } from "./use-agent-messages.js";
export {
  useAgents,
  useApproval,
  useApprovalFacets,
  useApprovals,
  useAskedBy,
  useMembers,
  useNotifications,
  type ApprovalsState,
  type NotificationsState,
} from "./use-lists.js";
export { useLooking, usePresence, type PresenceView } from "./use-presence.js";
export { useDecisionStatistics } from "./use-statistics.js";
export { useTimeline, type TimelineState } from "./use-timeline.js";
export { useWebSocket, type WebSocketControls } from "./use-web-socket.js";
