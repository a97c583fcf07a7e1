import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { german } from "../src/presence/texts.de.js";
import { presenceTexts } from "../src/presence/texts.js";
import { Console, request } from "./console.js";

let console: Console;

beforeEach(async () => {
  console = new Console([request("apr_001")]);
  await console.open("/approvals/apr_001");
});

afterEach(cleanup);

const member = (id: string, name: string, approvalId?: string) => ({ id, name, ...(approvalId === undefined ? {} : { approvalId }) });

describe("presence", () => {
  test("the server learns which request is open", async () => {
    await waitFor(() => expect(console.carriers.looked.at(-1)).toBe("apr_001"));
  });

  test("an open request says who else looks at it, and no more once they left", () => {
    expect(screen.queryByTestId("looking")).toBeNull();

    act(() => console.carriers.presence([member("mem_2", "Bob", "apr_001"), member("mem_3", "Cid", "apr_002")]));
    expect(screen.getByTestId("looking").textContent.trim()).toBe("Bob is looking");

    act(() => console.carriers.presence(["Bob", "Dan", "Eve", "Fay", "Gus"].map((name, index) => member(`mem_${index}`, name, "apr_001"))));
    expect(screen.getByTestId("looking").textContent.trim()).toBe("Bob, Dan, Eve and 2 more are looking");

    act(() => console.carriers.presence([]));
    expect(screen.queryByTestId("looking")).toBeNull();
  });

  test("the header counts the other members and names them", () => {
    expect(screen.queryByTestId("online-members")).toBeNull();
    act(() => console.carriers.presence([member("mem_2", "Bob\u202e", "apr_002"), member("mem_3", "Cid")]));

    const button = screen.getByRole("button", { name: "2 other members are online" });
    fireEvent.click(button);

    const panel = within(screen.getByRole("dialog", { name: "Online now" }));
    expect(panel.getAllByRole("listitem")).toHaveLength(2);
    expect(panel.getByText("U+202E")).toBeTruthy();
    expect(panel.getByText("Looking at a request")).toBeTruthy();
  });

  test("a connection that is lost shows nobody", () => {
    act(() => console.carriers.presence([member("mem_2", "Bob", "apr_001")]));

    act(() => console.carriers.drop("cut"));

    expect(screen.queryByTestId("looking")).toBeNull();
    expect(screen.queryByTestId("online-members")).toBeNull();
  });

  test("German counts as English does", () => {
    expect(presenceTexts.en.online(1)).toBe("1 other member is online");
    expect(german.online(1)).toBe("1 weiteres Mitglied ist online");
    expect(german.online(2)).toBe("2 weitere Mitglieder sind online");
  });
});
