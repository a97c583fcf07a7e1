import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Api, type Approval } from "./api.js";
import { Heliograph } from "./heliograph.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const JAVA = join(process.env["JAVA_HOME"] ?? "", "bin");
/** Jackson, among others: the server is built with it too. */
const JAVA_LIBRARIES = join(ROOT, "server/target/app/lib/*");

const LANGUAGES = ["Bash", "Node", "Python", "Java"] as const;
const COMMANDS: Readonly<Record<(typeof LANGUAGES)[number], readonly [file: string, ...command: string[]]>> = {
  Bash: ["ask.sh", "bash"],
  Node: ["ask.mjs", process.execPath],
  Python: ["ask.py", "python3"],
  // Compiled once, below: `java Ask.java` compiles at each start.
  Java: ["Ask", join(JAVA, "java"), "-cp"],
};

let server: Heliograph;
let operator: Api;
let folder: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heliograph-snippets-"));
  const page = await readFile(join(ROOT, "docs/AGENTS.md"), "utf8");
  for (const [, file = "", source = ""] of page.matchAll(/<!-- (\S+) -->\n```\w+\n([\s\S]*?)```/g)) await writeFile(join(folder, file), source);
  await promisify(execFile)(join(JAVA, "javac"), ["-cp", JAVA_LIBRARIES, "-d", folder, join(folder, "Ask.java")]);
  server = await Heliograph.up();
  operator = new Api(server.url, await server.token("acme", "ada", "operator", "1h"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a snippet as it stands in docs/AGENTS.md. */
async function ask(language: (typeof LANGUAGES)[number], request: unknown, key: string): Promise<Ended> {
  const [file, command = "", ...options] = COMMANDS[language];
  const program = language === "Java" ? [`${folder}:${JAVA_LIBRARIES}`, file] : [join(folder, file)];
  const child = spawn(command, [...options, ...program], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, HELIOGRAPH_URL: server.url, HELIOGRAPH_KEY: key },
  });
  running.add(child);
  const read = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (read.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (read.stderr += chunk.toString()));
  child.stdin.end(JSON.stringify(request));
  return new Promise((ended) => child.once("close", (code) => {
    ended({ code, ...read });
  }));
}

const request = (title: string): object => ({ title, risk: "high", allow: { approve: true, edit: true, respond: true, reject: true }, action: { name: "refund", args: { orderId: 9, amount: 42, note: '"status":"approved"', status: "approved" } } });

/** The one pending approval with this title, when it is there. */
async function pending(title: string): Promise<Approval> {
  return expect.poll(async () => (await operator.ok<{ data: Approval[] }>("GET", "/v1/approvals?status=pending&limit=100")).data.filter((approval) => approval.title === title), { timeout: 100_000 })
    .toHaveLength(1)
    .then(async () => {
      const [approval] = (await operator.ok<{ data: Approval[] }>("GET", "/v1/approvals?status=pending&limit=100")).data.filter((found) => found.title === title);
      if (approval === undefined) throw new Error(`${title} is not pending any more`);
      return approval;
    });
}

const decide = (approval: Approval, decision: object): Promise<Approval> =>
  operator.ok("POST", `/v1/approvals/${approval.id}/decision`, { digest: approval.action.digest, ...decision });

test.each(LANGUAGES)("%s gets the arguments as approved, and nothing but an approval is a yes", async (language) => {
  const key = await server.key("acme", `robot ${language}`);
  const asked = ["approve", "edit", "reject", "respond", "cancel"].map((name) => ({ title: `${language}: ${name}`, ended: ask(language, request(`${language}: ${name}`), key) }));
  const [approve, edit, reject, respond, cancel] = await Promise.all(asked.map(({ title }) => pending(title)));
  if (approve === undefined || edit === undefined || reject === undefined || respond === undefined || cancel === undefined) throw new Error("five were asked");

  await decide(approve, { outcome: "approved" });
  await decide(edit, { outcome: "approved", args: { orderId: 9, amount: 20 } });
  await decide(reject, { outcome: "rejected", reason: "not today" });
  await decide(respond, { outcome: "responded", response: "ask Grace" });
  await new Api(server.url, key).ok("POST", `/v1/approvals/${cancel.id}/cancel`, {});
  const [approved, edited, rejected, responded, cancelled] = await Promise.all(asked.map(({ ended }) => ended));

  expect(approved).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(approved?.stdout ?? "")).toEqual({ orderId: 9, amount: 42, note: '"status":"approved"', status: "approved" });
  expect(JSON.parse(edited?.stdout ?? "")).toEqual({ orderId: 9, amount: 20 });
  expect(rejected).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("rejected: not today") as string });
  expect(responded).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("ask Grace") as string });
  expect(cancelled).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("cancelled") as string });
});

test("all of them ask once and get their decision through kill -9 of the server", async () => {
  const key = await server.key("acme", "robot through a restart");
  const asked = LANGUAGES.map((language) => ({ title: `${language}: restart`, ended: ask(language, request(`${language}: restart`), key) }));
  await Promise.all(asked.map(({ title }) => pending(title)));

  await server.kill();
  const late = LANGUAGES.map((language) => ({ title: `${language}: while it is away`, ended: ask(language, request(`${language}: while it is away`), key) }));
  await server.start();
  for (const { title } of [...asked, ...late]) await decide(await pending(title), { outcome: "approved" });

  for (const { title, ended } of [...asked, ...late]) expect({ title, ...(await ended) }).toMatchObject({ title, code: 0 });
  const all = await operator.ok<{ data: Approval[] }>("GET", "/v1/approvals?limit=100");
  for (const { title } of [...asked, ...late]) expect(all.data.filter((approval) => approval.title === title)).toHaveLength(1);
});

test("a refused key and a request that is not valid end at once, with what is wrong", async () => {
  const key = await server.key("acme", "robot with a bad request");
  for (const language of LANGUAGES) {
    expect(await ask(language, request("never"), "hk_wrong")).toMatchObject({ code: 1, stdout: expect.not.stringContaining("orderId") as string });
    const invalid = await ask(language, { title: "no action" }, key);
    expect(invalid.code, language).toBe(1);
    expect(invalid.stdout + invalid.stderr, language).toContain("action");
  }
});
