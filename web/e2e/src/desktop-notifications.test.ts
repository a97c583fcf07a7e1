import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.js";
import { signIn } from "./browser.js";
import { useStage } from "./stage.js";

// Several tabs of one member: exactly one of them shows a notification of the desktop, and only while none is visible.

/** What a page's notifications of the desktop are, and whether it is visible: a headless browser shows neither. */
interface DesktopOfPage {
  hidden: boolean;
  readonly made: { readonly title: string; readonly tag: string; closed: boolean; click: () => void }[];
}

const stage = useStage();
let owner: Api;

beforeAll(async () => {
  owner = new Api(stage.server.url, await stage.server.token("acme", "olga", "owner", "4h"));
});

/** Replaces what a test cannot see. */
async function stub(context: BrowserContext, workers: boolean): Promise<void> {
  await context.grantPermissions(["notifications"], { origin: stage.server.url });
  await context.addInitScript((withWorkers: boolean) => {
    if (!withWorkers) Reflect.deleteProperty(window, "SharedWorker");
    const desktop: DesktopOfPage = { hidden: false, made: [] };
    const allowed = Notification.permission;
    class Stub extends EventTarget {
      static readonly permission = allowed;
      onclick: (() => void) | null = null;
      readonly #entry: DesktopOfPage["made"][number];
      constructor(title: string, { tag = "" }: NotificationOptions = {}) {
        super();
        this.#entry = { title, tag, closed: false, click: () => this.onclick?.() };
        desktop.made.push(this.#entry);
      }
      close(): void {
        this.#entry.closed = true;
      }
    }
    Object.assign(window, { Notification: Stub, desktop });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (desktop.hidden ? "hidden" : "visible") });
  }, workers);
}

async function openTabs(count: number): Promise<Page[]> {
  const members = await owner.ok<{ data: { id: string; handle: string }[] }>("GET", "/v1/members");
  const member = members.data.find(({ handle }) => handle === "bo") ?? (await owner.ok<{ id: string }>("POST", "/v1/members", { handle: "bo", role: "operator" }));
  const first = await stage.context.newPage();
  await signIn(first, (await owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`)).url);
  const tabs = [first];
  while (tabs.length < count) {
    const tab = await stage.context.newPage();
    await tab.goto(`${stage.server.url}/approvals`);
    tabs.push(tab);
  }
  for (const tab of tabs) {
    await tab.locator("[data-testid=connection-status][data-status=live]").waitFor();
    // What listens is loaded behind the page, as this is.
    await tab.getByTestId("views").waitFor();
  }
  return tabs;
}

const hide = (tabs: readonly Page[], hidden: boolean) =>
  Promise.all(
    tabs.map((tab) =>
      tab.evaluate((value) => {
        (window as unknown as { desktop: DesktopOfPage }).desktop.hidden = value;
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden),
    ),
  );

/** The titles that all tabs show now, in order. */
async function shown(tabs: readonly Page[]): Promise<string[]> {
  const made = await Promise.all(tabs.map((tab) => tab.evaluate(() => (window as unknown as { desktop: DesktopOfPage }).desktop.made.map(({ title, closed }) => ({ title, closed })))));
  return made.flat().flatMap(({ title, closed }) => (closed ? [] : [title])).sort();
}

/** Asks for an approval, and waits until each tab lists it. */
async function ask(tabs: readonly Page[], title: string, risk: string) {
  const approval = await stage.writer.createApproval({ title, risk, expiresIn: 3600 });
  for (const tab of tabs) await tab.locator(`[data-testid=approval-row][data-approval-id="${approval.id}"]`).waitFor({ state: "attached" });
  return approval;
}

describe.each([
  ["a shared worker", true],
  ["a leading tab", false],
] as const)("with %s", (_, workers) => {
  test("one of three hidden tabs shows a request, and takes it away when it is decided", async () => {
    await stub(stage.context, workers);
    const tabs = await openTabs(3);
    await ask(tabs, "Seen in the page", "critical");
    expect(await shown(tabs)).toEqual([]);

    await hide(tabs, true);
    await stage.writer.createApproval({ title: "Of low risk", risk: "low", expiresIn: 3600 });
    const high = await stage.writer.createApproval({ title: "Of high risk", risk: "high", expiresIn: 3600 });
    await expect.poll(() => shown(tabs)).toEqual(["Of high risk"]);

    await stage.reader.decide(high, "approved");
    await expect.poll(() => shown(tabs)).toEqual([]);

    // The tab that shows them is closed: another one does.
    const critical = await stage.writer.createApproval({ title: "Delete the backups?", risk: "critical", expiresIn: 3600 });
    await expect.poll(() => shown(tabs)).toEqual(["Delete the backups?"]);
    const makers = await Promise.all(tabs.map((tab) => tab.evaluate(() => (window as unknown as { desktop: DesktopOfPage }).desktop.made.length)));
    expect(makers.filter((count) => count > 0)).toHaveLength(1);
    const maker = tabs[makers.findIndex((count) => count > 0)];
    if (maker === undefined) throw new Error("no tab shows it");
    await maker.evaluate(() => (window as unknown as { desktop: DesktopOfPage }).desktop.made.at(-1)?.click());
    await expect.poll(() => new URL(maker.url()).pathname).toBe(`/approvals/${critical.id}`);
    const others = tabs.filter((tab) => tab !== maker);
    await maker.close();
    // A request that comes while the connection moves to another tab was missed, and is not shown.
    let asked = 0;
    const askMore = () => stage.writer.createApproval({ title: `After a tab was closed ${(asked += 1)}`, risk: "critical", expiresIn: 3600 });
    await expect.poll(async () => (await askMore(), (await shown(others)).length), { interval: 1_000, timeout: 30_000 }).toBeGreaterThan(0);
    const titles = await shown(others);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
