import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Chromium } from "./browser.js";
import { freePort } from "./heliograph.js";

const EXAMPLES = resolve(import.meta.dirname, "../../../target/examples");

/** One of the sample applications of `./heliograph examples`, with a database of its own. */
class Shop {
  readonly url: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(url: string, folder: string, args: readonly string[]) {
    this.url = url;
    this.#folder = folder;
    this.#args = args;
  }

  static async start(name: string, ownPort: boolean): Promise<Shop> {
    const folder = await mkdtemp(join(tmpdir(), "heliograph-shop-"));
    const port = await freePort();
    const shop = new Shop(`http://127.0.0.1:${port}`, folder, [
      "-jar",
      join(EXAMPLES, `${name}.jar`),
      `--server.port=${port}`,
      "--server.address=127.0.0.1",
      "--heliograph.address=127.0.0.1",
      ...(ownPort ? [`--heliograph.port=${await freePort()}`] : []),
    ]);
    await shop.run();
    return shop;
  }

  /** Starts the process; returns when it serves. */
  async run(): Promise<void> {
    this.#output = "";
    const home = process.env["JAVA_HOME"];
    const child = spawn(home === undefined ? "java" : join(home, "bin/java"), this.#args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    await new Promise<void>((ready, failed) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes("Started ShopApplication")) ready();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", failed);
      child.once("exit", (code) => {
        failed(new Error(`the shop ended (${code}) before it was ready; is it built (./heliograph examples)?\n${this.#output}`));
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.#folder, { recursive: true, force: true });
  }
}

describe.each([
  { name: "shop-mvc", ownPort: true, sessions: false },
  { name: "shop-webflux", ownPort: false, sessions: true },
])("$name", ({ name, ownPort, sessions }) => {
  let shop: Shop;
  let chromium: Chromium;
  let contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [shop, chromium] = await Promise.all([Shop.start(name, ownPort), Chromium.launch()]);
  });

  afterAll(async () => {
    await chromium.close();
    await shop.remove();
  });

  beforeEach(() => {
    contexts = [];
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
  });

  /** A signed-in page in a browser of its own. */
  async function open(tenant: string, member: string): Promise<Page> {
    const context = await chromium.browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(shop.url);
    await page.getByLabel("Tenant").fill(tenant);
    await page.getByLabel("Member").fill(member);
    await page.getByRole("button", { name: "Sign in" }).click();
    await live(page);
    return page;
  }

  async function live(page: Page): Promise<void> {
    await expect.poll(() => page.locator("#connection").innerText()).toBe("live");
  }

  async function order(page: Page, article: string): Promise<void> {
    await page.getByLabel("Article").fill(article);
    await page.getByRole("button", { name: "Order" }).click();
  }

  const line = (page: Page, article: string) => page.getByRole("listitem").filter({ hasText: article });

  test("every page of the tenant shows each change, and no page of another tenant", async () => {
    const ada = await open("acme", "ada");
    const bob = await open("acme", "bob");
    const eve = await open("other", "eve");

    await order(ada, "teapot");
    await line(bob, "teapot").getByText("placed").waitFor();
    await bob.getByRole("button", { name: "Ship teapot" }).click();

    await line(ada, "teapot").getByText("shipped").waitFor();
    await line(bob, "teapot").getByText("shipped").waitFor();
    await order(eve, "kettle");
    await line(eve, "kettle").waitFor();
    expect(await eve.getByRole("listitem").count()).toBe(1);
    expect(await line(ada, "kettle").count()).toBe(0);
  });

  test("an order whose transaction fails is in no list and comes to no page", async () => {
    const ada = await open("fails", "ada");
    const bob = await open("fails", "bob");

    await order(ada, "x".repeat(101));
    await ada.getByText("orders answered 400").waitFor();
    await order(ada, "cup");

    await line(bob, "cup").waitFor();
    expect(await bob.getByRole("listitem").count()).toBe(1);
    await bob.reload();
    expect(await bob.getByRole("listitem").count()).toBe(0); // not signed in any more
  });

  test("a page that was away gets what it missed, without loading its list again", async () => {
    const ada = await open("away", "ada");
    const bob = await open("away", "bob");
    const lists: string[] = [];
    bob.on("request", (request) => {
      if (request.method() === "GET" && request.url().endsWith("/orders")) lists.push(request.url());
    });
    await order(ada, "first");
    await line(bob, "first").waitFor();

    await bob.evaluate(() => (globalThis as unknown as { shopSocket: { io: { engine: { close(): void } } } }).shopSocket.io.engine.close());
    await order(ada, "second");

    await line(bob, "second").waitFor();
    expect(await bob.getByRole("listitem").count()).toBe(2);
    expect(lists).toEqual([]);
  });

  test("pages go on after the application was killed and started again", async () => {
    const ada = await open("killed", "ada");
    await order(ada, "before");
    await line(ada, "before").waitFor();

    await shop.end("SIGKILL");
    await expect.poll(() => ada.locator("#connection").innerText()).not.toBe("live");
    await shop.run();
    const bob = await open("killed", "bob");

    await line(bob, "before").waitFor();
    await order(bob, "after");
    await line(bob, "after").waitFor();
  });

  test("the missing security chain is said at the start, where there is one", () => {
    expect(shop.output).toMatch(/Heliograph serves \/socket\.io\/ on port \d+/);
    if (!sessions) expect(shop.output).toContain("filter chain is not applied to /socket.io/");
  });
});
