import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { agentsSearchOf, agentsViewOf, allAgents } from "../src/agents/agents-view.js";
import { isInView, logSearchOf, logViewOf, wholeLog, withKind } from "../src/agents/log-view.js";
import { Console, waitUntil } from "./console.js";
import { agent } from "./stage.js";

const shown = () => screen.queryAllByTestId("agent-row").map((element) => element.dataset["agentId"]);
const state = (name: RegExp) => screen.getByRole("button", { name });

async function open(path: string): Promise<void> {
  const console = new Console([]);
  const agents = [agent({ id: "agt_1", name: "Refund desk" }), agent({ id: "agt_2", name: "Refund night", status: "offline" }), agent({ id: "agt_3", name: "Triage", status: "idle" })];
  console.carriers.answer("/v1/agents", { data: agents, asOf: "k1:5:x", counts: { working: 1, offline: 1, idle: 1 } });
  await console.open(path);
  await waitUntil(() => expect(screen.queryByLabelText("Filter by name")).not.toBeNull());
}

describe("the list of agents", () => {
  test("is filtered by state, with counts, in the address", async () => {
    await open("/agents");
    expect(shown()).toEqual(["agt_1", "agt_2", "agt_3"]);

    fireEvent.click(state(/^Offline 1/));
    await waitUntil(() => expect(shown()).toEqual(["agt_2"]));
    expect(location.search).toBe("?state=offline");
    expect(screen.getByText("1 of 3 agents")).toBeDefined();
    fireEvent.click(state(/^Working 1/));

    await waitUntil(() => expect(shown()).toEqual(["agt_1", "agt_2"]));
    expect(location.search).toBe("?state=working%2Coffline");
  });

  test("is filtered by a part of the name; the states count what is named so", async () => {
    await open("/agents");

    fireEvent.change(screen.getByLabelText("Filter by name"), { target: { value: "  refund " } });

    await waitUntil(() => expect(shown()).toEqual(["agt_1", "agt_2"]));
    expect(location.search).toBe("?name=refund");
    expect(state(/^Idle 0/)).toBeDefined();
  });

  test("says that none match, and clears the filters", async () => {
    await open("/agents?name=nobody&state=idle,unknown");
    expect(screen.getByText("No agents match the filters")).toBeDefined();

    fireEvent.click(screen.getAllByText("Clear filters")[1] ?? document.body);

    await waitUntil(() => expect(shown()).toHaveLength(3));
    expect(location.search).toBe("");
    await waitUntil(() => expect(screen.getByLabelText<HTMLInputElement>("Filter by name").value).toBe(""));
  });
});

describe("addresses", () => {
  test("of the list are read as they are written, without what is unknown", () => {
    expect(agentsViewOf("?state=idle,nonsense,working&name=%20a%20%20b%20")).toEqual({ name: "a b", states: ["working", "idle"] });
    expect(agentsSearchOf({ name: "a b", states: ["working", "idle"] })).toBe("?name=a+b&state=working%2Cidle");
    expect(agentsSearchOf(agentsViewOf(""))).toBe("");
    expect(agentsViewOf("?state=")).toEqual(allAgents);
  });

  test("of a log are read as they are written, without what is unknown", () => {
    expect(logViewOf("?kind=error,text,nonsense&role=king")).toEqual({ kinds: ["text", "error"], role: undefined });
    expect(logSearchOf({ kinds: ["text", "error"], role: "tool" })).toBe("?kind=text%2Cerror&role=tool");
    expect(logViewOf("")).toEqual(wholeLog);
    expect(withKind(withKind(wholeLog, "error"), "text").kinds).toEqual(["text", "error"]);
    expect(withKind({ ...wholeLog, kinds: ["text", "error"] }, "text").kinds).toEqual(["error"]);
  });

  test("a kind that is not known is in the whole log only", () => {
    expect(isInView({ kind: "vision", role: "agent" }, wholeLog)).toBe(true);
    expect(isInView({ kind: "vision", role: "agent" }, { ...wholeLog, kinds: ["text", "tool", "log", "error"] })).toBe(false);
    expect(isInView({ kind: "tool_result", role: "tool" }, { kinds: ["tool"], role: "tool" })).toBe(true);
  });
});
