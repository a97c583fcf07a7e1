import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { Chromium } from "./browser.js";
import { Gate } from "./gate.js";
import { Heliograph } from "./heliograph.js";

let server: Heliograph;
let gate: Gate;
let chromium: Chromium;
let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), "heliograph-app-"));
  server = await Heliograph.up();
  gate = await Gate.open(server.port, { "/app/": app });
  chromium = await Chromium.launch();
});
afterAll(async () => {
  await chromium.close();
  await gate.close();
  await server.remove();
  await rm(app, { recursive: true, force: true });
});

test("the packages' README example, packed, installed into an empty app and built, shows and decides", { timeout: 240_000 }, async () => {
  await promisify(execFile)("node", [resolve(import.meta.dirname, "../../scripts/pack.mjs"), app]);
  const token = await server.token("acme", "ada", "operator");
  gate.token = () => token;
  const agent = new Api(server.url, await server.key("acme", "writer"));
  const page = await chromium.browser.newPage();

  await page.goto(`${gate.url}/app/`);
  await page.getByText("Live", { exact: true }).waitFor();
  const created = await agent.createApproval({ title: "Is the example true?" });
  await page.getByText("Is the example true?").waitFor();
  await page.getByRole("button", { name: "Approve" }).click();

  await page.getByText("Is the example true?").waitFor({ state: "detached" });
  expect((await agent.ok<Approval>("GET", `/v1/approvals/${created.id}`)).status).toBe("approved");
});
