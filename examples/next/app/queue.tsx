"use client";

import type { Approval } from "@heliograph/client";
import { useApprovals, useDecision } from "@heliograph/react";

export function Queue() {
  const { approvals, isLoading, error } = useApprovals({ status: "pending" });
  if (error !== null) return <p role="alert">{error.message}</p>;
  if (isLoading) return <p>Loading…</p>;
  return (
    <ul>
      {approvals.map((approval) => (
        <Row key={approval.id} approval={approval} />
      ))}
    </ul>
  );
}

function Row({ approval }: { approval: Approval }) {
  const { state, decide } = useDecision(approval.id);
  if (state?.state === "overtaken") return <li>{state.approval.resolution?.by.name} decided first</li>;
  return (
    <li>
      {approval.title}{" "}
      <button type="button" disabled={state?.state === "sending"} onClick={() => void decide(approval, { outcome: "approved" })}>
        Approve
      </button>
    </li>
  );
}
