import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { Chromium } from "./browser.js";
import { Gate } from "./gate.js";
import { freePort, Heliograph } from "./heliograph.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);

/** Holds everything that this file makes. */
let folder: string;
/** Of both packages, as `npm pack` makes them. */
let tarballs: readonly string[];
/** A folder in which @heliograph/client is installed, and nothing else. */
let installed: string;
let nextPort: number;
let server: Heliograph;
let gate: Gate;
let chromium: Chromium;
let token: string;
let agent: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heliograph-packages-"));
  installed = join(folder, "installed");
  await mkdir(installed);
  nextPort = await freePort();
  server = await Heliograph.upWith({ HELIOGRAPH_ALLOWED_ORIGINS: `http://127.0.0.1:${nextPort}` });
  gate = await Gate.open(server.port, { "/app/": join(folder, "app"), "/plain/": join(folder, "plain"), "/cdn/": join(folder, "cdn") });
  token = await server.token("acme", "ada", "operator");
  gate.token = () => token;
  agent = new Api(server.url, await server.key("acme", "writer"));
  chromium = await Chromium.launch();
  const { stdout } = await run("node", [join(ROOT, "web/scripts/tarballs.mjs"), folder]);
  tarballs = stdout.trim().split("\n");
  await writeFile(join(installed, "package.json"), JSON.stringify({ private: true, dependencies: { "@heliograph/client": `file:${tarballs[0] ?? ""}` } }));
  await npmInstall(installed);
}, 240_000);
afterAll(async () => {
  await chromium.close();
  await gate.close();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

async function npmInstall(cwd: string): Promise<void> {
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--silent"], { cwd });
}

/** The first code block of the client's README that begins with this line. */
async function readme(firstLine: string): Promise<string> {
  const text = await readFile(join(ROOT, "web/packages/client/README.md"), "utf8");
  const block = text.split(/^```/m).find((part) => part.slice(part.indexOf("\n") + 1).startsWith(firstLine));
  if (block === undefined) throw new Error(`the README has no block that begins with ${firstLine}`);
  return block.slice(block.indexOf("\n") + 1);
}

/** What the process has printed, once it matches. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (pattern.test(output)) resolve(output);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`the process ended without printing ${String(pattern)}:\n${output}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

test("the packages' README example, packed, installed into an empty app and built, shows and decides", { timeout: 240_000 }, async () => {
  await run("node", [join(ROOT, "web/scripts/pack.mjs"), join(folder, "app"), ...tarballs]);
  const page = await chromium.browser.newPage();

  await page.goto(`${gate.url}/app/`);
  await page.getByText("Live", { exact: true }).waitFor();
  const created = await agent.createApproval({ title: "Is the example true?" });
  await page.getByText("Is the example true?").waitFor();
  await page.getByRole("button", { name: "Approve" }).click();

  await page.getByText("Is the example true?").waitFor({ state: "detached" });
  expect((await agent.ok<Approval>("GET", `/v1/approvals/${created.id}`)).status).toBe("approved");
});

test("the Next.js example builds, hydrates, shows what is live and decides; a page of another origin says which setting is missing", { timeout: 400_000 }, async () => {
  const app = join(folder, "next");
  const outside = /\/(node_modules|\.next|package-lock\.json)$/;
  await cp(join(ROOT, "examples/next"), app, { recursive: true, filter: (source) => !outside.test(source) });
  const guide = await readFile(join(ROOT, "docs/FRONTEND.md"), "utf8");
  const files = [...guide.matchAll(/^`(app\/\S+)`:\n\n```tsx?\n([^]*?)```$/gm)];
  expect(files).toHaveLength(6);
  for (const [, path = "", code = ""] of files) {
    expect(code, `docs/FRONTEND.md shows ${path} as it is`).toBe(await readFile(join(app, path), "utf8"));
  }
  const manifest = JSON.parse(await readFile(join(app, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const tarball of tarballs) manifest.dependencies[`@heliograph/${basename(tarball).split("-")[1] ?? ""}`] = `file:${tarball}`;
  await writeFile(join(app, "package.json"), JSON.stringify(manifest));
  await npmInstall(app);
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1", HELIOGRAPH_URL: server.url, HELIOGRAPH_TOKEN: token };
  const next = join(app, "node_modules/next/dist/bin/next");
  await run("node", [next, "build"], { cwd: app, env });
  const child = spawn("node", [next, "start", "--hostname", "127.0.0.1", "--port", String(nextPort)], { cwd: app, env, stdio: ["ignore", "pipe", "pipe"] });
  try {
    await printed(child, /Ready/);
    const first = await agent.createApproval({ title: "Was it there before?" });
    const page = await chromium.browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });

    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(`http://127.0.0.1:${nextPort}/`);
    await page.getByText("1 pending when this page was rendered").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    // As the guide's reader asks for one.
    const [curl = ""] = /^curl [^]*?(?=```)/m.exec(guide) ?? [];
    const { stdout } = await run("sh", ["-c", curl], { env: { ...process.env, URL: server.url, KEY: await server.key("acme", "reader") } });
    const second = JSON.parse(stdout) as Approval;
    await page.getByRole("listitem").filter({ hasText: second.title }).getByRole("button", { name: "Approve" }).click();
    await page.getByRole("listitem").filter({ hasText: first.title }).getByRole("button", { name: "Approve" }).click();
    await page.getByRole("listitem").first().waitFor({ state: "detached" });

    expect((await agent.ok<Approval>("GET", `/v1/approvals/${first.id}`)).status).toBe("approved");
    expect((await agent.ok<Approval>("GET", `/v1/approvals/${second.id}`)).status).toBe("approved");
    expect(problems).toEqual([]);

    const other = await chromium.browser.newPage();
    await other.goto(`http://localhost:${nextPort}/`);
    const hint = `its setting heliograph.allowed-origins does not list http://localhost:${nextPort}`;
    await other.locator(`[data-testid=connection-status][title*="${hint}"]`).waitFor();
  } finally {
    await end(child);
  }
});

test("a page without a bundler is live by one script and a worker, and says when the worker is missing", async () => {
  const version = (JSON.parse(await readFile(join(installed, "node_modules/@heliograph/client/package.json"), "utf8")) as { version: string }).version;
  const dist = join(installed, "node_modules/@heliograph/client/dist");
  await cp(dist, join(folder, `cdn/@heliograph/client@${version}/dist`), { recursive: true });
  await mkdir(join(folder, "plain"));
  const html = await readme("<!doctype html>");
  const cdn = `https://cdn.example.com/@heliograph/client@${version}/`;
  expect(html).toContain(cdn);
  await writeFile(join(folder, "plain/index.html"), html.replace(cdn, `/cdn/@heliograph/client@${version}/`));
  const worker = join(folder, "plain/heliograph.worker.min.js");
  await cp(join(dist, "heliograph.worker.min.js"), worker);
  const warnings: string[] = [];

  const page = await chromium.browser.newPage();
  await page.goto(`${gate.url}/plain/`);
  await page.getByText("live: the worker holds the connection").waitFor();
  await agent.createApproval({ title: "Without a bundler?" });
  await page.getByRole("listitem").filter({ hasText: "Without a bundler?" }).waitFor();

  await rm(worker);
  const context = await chromium.browser.newContext();
  const alone = await context.newPage();
  alone.on("console", (message) => {
    if (message.type() === "warning") warnings.push(message.text());
  });
  await alone.goto(`${gate.url}/plain/`);
  await alone.getByText("live: this tab holds the connection").waitFor();

  expect(warnings).toEqual([expect.stringContaining("its file has to be JavaScript of the page's own origin")]);
});

test("a Node program without a DOM hears events, as in the README; CommonJS can require the package", async () => {
  await writeFile(join(installed, "watch.mjs"), await readme("// watch.mjs"));
  const env = { ...process.env, HELIOGRAPH_URL: server.url, HELIOGRAPH_TOKEN: token };

  const child = spawn("node", ["watch.mjs"], { cwd: installed, env, stdio: ["ignore", "pipe", "pipe"] });
  try {
    await printed(child, /^live$/m);
    const heard = printed(child, /^asked: Does Node hear\?$/m);
    await agent.createApproval({ title: "Does Node hear?" });
    await heard;
  } finally {
    await end(child);
  }

  const { stdout } = await run("node", ["-p", 'typeof require("@heliograph/client").createClient + typeof require("@heliograph/client/worker").serveTabs'], { cwd: installed });
  expect(stdout.trim()).toBe("functionfunction");
});

test("heliograph-types writes types that client.on takes, and never takes a token from the command line", async () => {
  const asked: string[] = [];
  const schema = { type: "object", required: ["orderId"], properties: { orderId: { type: "integer" } }, additionalProperties: false };
  const pages: Record<string, unknown> = {
    "/v1/event-types": { data: [{ type: "order:shipped", schema, description: "A parcel left." }], nextCursor: "c2" },
    "/v1/event-types?cursor=c2": { data: [{ type: "cart:emptied", schema: { type: "string" } }] },
  };
  const types = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.url ?? ""} ${request.headers.authorization ?? ""}`);
    const page = request.headers.authorization === "Bearer hk_secret" ? pages[request.url ?? ""] : undefined;
    response.writeHead(page === undefined ? 401 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(page ?? { status: 401, code: "token_invalid", title: "The credential is not valid", detail: "There is no such key" }));
  }).listen(0, "127.0.0.1");
  await once(types, "listening");
  const address = types.address();
  if (address === null || typeof address === "string") throw new Error("the server of event types has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const command = join(installed, "node_modules/.bin/heliograph-types");
  const fails = async (...args: string[]): Promise<string> => {
    const failure = (await run(command, args, { cwd: installed, env: { ...process.env, HELIOGRAPH_TOKEN: "hk_wrong" } }).catch((error: unknown) => error)) as { code?: number; stderr?: string };
    expect(failure.code).toBe(1);
    return failure.stderr ?? "";
  };

  try {
    await run(command, [url], { cwd: installed, env: { ...process.env, HELIOGRAPH_TOKEN: "hk_secret" } });
    expect(asked).toEqual(["/v1/event-types Bearer hk_secret", "/v1/event-types?cursor=c2 Bearer hk_secret"]);
    await writeFile(join(installed, "secret.txt"), "hk_secret\n");
    const { stdout } = await run(command, [url, "--token-file", "secret.txt", "--out", "-"], { cwd: installed });
    expect(stdout).toBe(await readFile(join(installed, "heliograph-events.d.ts"), "utf8"));

    expect(await fails(url)).toContain("answered 401: There is no such key");
    expect(await fails(url, "--token=hk_secret")).toContain("set HELIOGRAPH_TOKEN, or name a file by --token-file");
    expect(await fails("example.com")).toContain("name one server, by its URL");
  } finally {
    types.close();
    await once(types, "close");
  }

  await writeFile(
    join(installed, "app.ts"),
    `import { createClient } from "@heliograph/client";
const client = createClient({ getToken: () => Promise.resolve({ token: "t" }) });
client.on("order:shipped", ({ data }) => data.orderId.toFixed());
client.on("cart:emptied", ({ data }) => data.trim());
// @ts-expect-error it is a number
client.on("order:shipped", ({ data }) => data.orderId.trim());
// @ts-expect-error nobody declared it: unknown
client.on("order:cancelled", ({ data }) => data.orderId);
`,
  );
  const options = { target: "ES2022", lib: ["ES2023", "DOM"], module: "NodeNext", strict: true, noEmit: true, skipLibCheck: false, types: [] };
  await writeFile(join(installed, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["app.ts", "heliograph-events.d.ts"] }));
  const checked = await run(join(ROOT, "web/node_modules/.bin/tsc"), [], { cwd: installed }).catch((error: unknown) => error as { stdout: string });
  expect(checked.stdout).toBe("");
});
