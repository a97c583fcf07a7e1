import type { BrowserContext, Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { Api } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

const stage = useStage();
let owner: Api;

beforeEach(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner"));
});

/** A link for a member, which is made when there is none. */
async function linkFor(handle: string): Promise<string> {
  const members = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const there = members.data.find((member) => member.handle === handle);
  const { id } = there ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle, role: "operator" }));
  return (await owner.ok<{ url: string }>("POST", `/v1/members/${id}/sign-in-link`)).url;
}

/** Whom the browser's session is of. */
async function signedIn(context: BrowserContext): Promise<string> {
  const answer = await context.request.post(`${stage.server.url}/v1/session/token`, { headers: { Origin: stage.server.url } });
  return answer.ok() ? ((await answer.json()) as { member: { name: string } }).member.name : "nobody";
}

const question = (page: Page) => page.getByTestId("sign-in-preview");
const yes = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true });

test("a browser that only loads a link signs in nobody and leaves it good", async () => {
  const link = await linkFor("bo");
  const scanner = await stage.chromium.browser.newContext();
  const scan = await scanner.newPage();
  await scan.goto(link);
  await question(scan).waitFor();
  expect(await signedIn(scanner)).toBe("nobody");
  await scanner.close();
  const page = await stage.context.newPage();

  await page.goto(link);
  await question(page).waitFor();

  expect(page.url()).not.toContain("code=");
  expect(await question(page).innerText()).toContain("acme");
  expect(await question(page).innerText()).toContain("bo");
  expect(await signedIn(stage.context)).toBe("nobody");
  await yes(page).click();
  await page.getByTestId("approval-queue").waitFor();
  expect(await signedIn(stage.context)).toBe("bo");
  expect(await page.getByTestId("signed-in-by").innerText()).toContain("olga");
});

test("with a session open a link asks, staying leaves it unused, and signing in ends that session", async () => {
  const page = await stage.context.newPage();
  await signIn(page, await linkFor("bo"));
  const link = await linkFor("cleo");

  await page.goto(link);
  await page.getByText("You are signed in as bo in acme.").waitFor();
  await page.getByRole("button", { name: "Stay as bo" }).click();
  await page.getByTestId("approval-queue").waitFor();
  expect(await signedIn(stage.context)).toBe("bo");
  const [cookie] = await stage.context.cookies();

  await signIn(page, link);

  expect(await signedIn(stage.context)).toBe("cleo");
  const old = await fetch(`${stage.server.url}/v1/session/token`, { method: "POST", headers: { Cookie: `${cookie?.name ?? ""}=${cookie?.value ?? ""}` } });
  expect(old.status).toBe(401);
});

test("a link in an agent's description does not change who is signed in by one click", async () => {
  const page = await stage.context.newPage();
  await signIn(page, await linkFor("bo"));
  const { hash } = new URL(await linkFor("cleo"));
  const approval = await stage.writer.createApproval({ description: `Please [see](/sign-in${hash}) this.` });
  await page.goto(`${stage.server.url}/approvals/${approval.id}`);

  const [opened] = await Promise.all([stage.context.waitForEvent("page"), page.getByRole("link", { name: "see" }).click()]);
  await opened.getByRole("heading", { name: "Sign in as cleo instead?" }).waitFor();

  expect(await signedIn(stage.context)).toBe("bo");
});

test("a session that an admin ends is over for its page", async () => {
  const page = await stage.context.newPage();
  await signIn(page, await linkFor("bo"));
  await page.getByTestId("connection-status").and(page.locator('[data-status="live"]')).waitFor();
  const sessions = await owner.ok<{ data: { id: string; member: { name: string } }[] }>("GET", "/v1/sessions");

  await owner.ok("DELETE", `/v1/sessions/${sessions.data[0]?.id ?? ""}`);

  await page.getByTestId("sign-in-banner").waitFor();
  expect(sessions.data[0]?.member.name).toBe("bo");
});
