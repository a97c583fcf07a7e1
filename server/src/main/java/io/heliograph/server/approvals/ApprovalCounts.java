package io.heliograph.server.approvals;

/** How many approvals of a workspace are pending, and how many of those have critical risk. Immutable. */
public record ApprovalCounts(int pending, int critical) {}
