import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type Browser, type BrowserContext, type BrowserServer, type Page } from "playwright-core";
import { build } from "vite";
import { expect } from "vitest";
import type { Mode, Probe } from "../probe/probe.js";
import type { Api } from "./api.js";
import type { Gate } from "./gate.js";

/** Opens a sign-in link and says yes to it. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByTestId("connection-status").waitFor();
}

/** Chromium as a process of its own, which can be put to sleep and woken. */
export class Chromium {
  readonly browser: Browser;
  readonly #server: BrowserServer;

  private constructor(server: BrowserServer, browser: Browser) {
    this.#server = server;
    this.browser = browser;
  }

  static async launch(): Promise<Chromium> {
    const server = await chromium.launchServer({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      host: "127.0.0.1",
      ignoreDefaultArgs: ["--disable-back-forward-cache"], // people's browsers have it
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return new Chromium(server, await chromium.connect(server.wsEndpoint()));
  }

  /** Nothing of the browser runs until `wake`, as when a laptop's lid is shut. */
  async sleep(): Promise<void> {
    await this.#signal("SIGSTOP");
  }

  async wake(): Promise<void> {
    await this.#signal("SIGCONT");
  }

  async close(): Promise<void> {
    await this.wake();
    await this.browser.close();
    await this.#server.close();
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const pid = this.#server.process().pid;
    if (pid === undefined) return;
    for (const id of await descendants(pid)) {
      try {
        process.kill(id, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended meanwhile
      }
    }
  }
}

/** A process and all that it has started. */
async function descendants(root: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [root];
  for (const id of all) all.push(...(children.get(id) ?? []));
  return all;
}

/** Builds the probe page, as a user of the client would, and returns its folder. */
export async function buildProbe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heliograph-probe-"));
  await build({
    root: resolve(import.meta.dirname, "../probe"),
    base: "./",
    configFile: false,
    logLevel: "warn",
    resolve: { conditions: ["heliograph-source", "browser", "module"] },
    worker: { format: "es" },
    build: { outDir: folder, emptyOutDir: true, target: "es2022" },
  });
  return folder;
}

/** Opens one more tab with the probe page and waits until it is live. `more` are further settings of the page. */
export async function openProbe(context: BrowserContext, gate: Gate, mode: Mode, more: Record<string, string> = {}): Promise<Page> {
  const page = await context.newPage();
  const settings = new URLSearchParams({ mode, scope: `probe-${mode}`, ...more });
  await page.goto(`${gate.url}/probe/index.html#${settings.toString()}`);
  await page.waitForFunction(() => window.probe.snapshot().status === "live");
  return page;
}

export function statusesOf(page: Page): Promise<Probe["statuses"]> {
  return page.evaluate(() => window.probe.statuses);
}

export function arrivalsOf(page: Page): Promise<Probe["arrivals"]> {
  return page.evaluate(() => window.probe.arrivals);
}

/** Waits until the tab has everything up to an offset. */
export async function reach(page: Page, offset: number): Promise<void> {
  await page.waitForFunction((wanted) => (window.probe.arrivals.at(-1)?.offset ?? 0) >= wanted, offset, { polling: 50 });
}

/** How long after `from` the tab had the first event that was committed after it. */
export async function firstAfter(page: Page, from: number): Promise<number> {
  const arrival = await page.waitForFunction(
    (since) => window.probe.arrivals.find(({ committedAt }) => committedAt >= since)?.arrivedAt,
    from,
    { polling: 20 },
  );
  return ((await arrival.jsonValue()) ?? Number.NaN) - from;
}

/** The page has what the log has since the page's first event: each once, in order, and was never told to reload. */
export async function expectWhole(page: Page, reader: Api): Promise<void> {
  const log = (await reader.log()).map(({ offset }) => offset);
  await reach(page, log.at(-1) ?? 0);
  const offsets = (await arrivalsOf(page)).map(({ offset }) => offset);
  const first = offsets[0] ?? Number.POSITIVE_INFINITY;
  expect(offsets).toEqual(log.filter((offset) => offset >= first));
  expect(await page.evaluate(() => window.probe.resets)).toEqual([]);
}
