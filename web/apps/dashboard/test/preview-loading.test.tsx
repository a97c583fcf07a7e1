import type { Preview } from "@heliograph/client";
import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { ApprovalDetail } from "../src/approvals/approval-detail.js";
import { approval, resetWorld, show, world } from "./stage.js";

vi.mock("@heliograph/react", async (original) => {
  const { reactOfWorld: react } = await import("./stage.js");
  return react(original);
});

beforeEach(resetWorld);

// The first test of its file: the code of the preview is loaded once.
test("neither preview nor arguments are seen before the preview is on the page: it moves the arguments", async () => {
  const preview: Preview & { readonly text: string } = { kind: "text", text: "the preview" };
  world.approvals = [approval({ risk: "high", action: { name: "refund", args: { a: 1 }, digest: "d", preview } })];
  show(<ApprovalDetail id="apr_1" onDecided={() => undefined} onNext={undefined} />);
  const approve = screen.getByTestId<HTMLButtonElement>("approve-button");
  expect(screen.queryByText("the preview")).toBeNull();
  expect(approve.disabled).toBe(true);

  await screen.findByText("the preview");

  await waitFor(() => expect(approve.disabled).toBe(false));
});
