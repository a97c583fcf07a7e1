import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "./api.js";
import { Heliograph, launch } from "./heliograph.js";

describe("./heliograph", () => {
  let server: Heliograph;
  beforeAll(async () => {
    server = await Heliograph.up();
  });
  afterAll(() => server.remove());

  test("without a terminal writes a sign-in link and an API key that works to a file that it names, and prints no secret", async () => {
    expect(server.signInLink).toContain(server.url);
    expect(server.output).toContain(join(server.data, "first-run.txt"));
    expect(server.output).not.toMatch(/\bhk_\w+|code=/);
    const key = server.apiKey;

    expect((await new Api(server.url, key).call("GET", "/v1/whoami")).status).toBe(200);
    expect(await server.interrupt()).toSatisfy((code: number | null) => code === 0 || code === 130);
    expect(server.output).not.toMatch(/exception|\tat /i);
    await server.start();

    expect(server.output).not.toMatch(/\bhk_\w+|code=/);
    expect(server.signInLink).toContain(server.url);
    expect(server.apiKey).toBe(key);
    expect((await new Api(server.url, key).call("GET", "/v1/whoami")).status).toBe(200);
  });

  test("says how long it took to the first answered request", () => {
    const seconds = /ready in ([\d.]+) s/.exec(server.output)?.[1];

    expect(Number(seconds)).toBeGreaterThan(0);
  });

  test("makes tokens and keys while the server runs, and the workspace and member they name", async () => {
    const token = await server.token("fresh", "grace", "admin");
    const key = await server.key("fresh", "robot");

    const who = await new Api(server.url, token).ok<Record<string, unknown>>("GET", "/v1/whoami");
    expect(JSON.stringify(who)).toContain("grace");
    expect(JSON.stringify(who)).toContain("admin");
    expect((await new Api(server.url, key).call("GET", "/v1/whoami")).status).toBe(200);
  });

  test("ends with one clear line and status 1 when the port is taken", async () => {
    const data = await mkdtemp(join(tmpdir(), "heliograph-"));
    const { code, stderr } = await launch("up", "--port", String(server.port), "--data", data);

    expect(code).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(String(server.port));
    await rm(data, { recursive: true });
  });

  test("ends with one clear line and status 1 when the data folder cannot be written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "heliograph-"));
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const { code, stderr } = await launch("up", "--port", "0", "--data", join(file, "data"));

    expect(code).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(file);
    await rm(folder, { recursive: true });
  });

  test("token and key make no folder and no database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "heliograph-"));
    const data = join(folder, "missing");
    const token = await launch("token", "--workspace", "w", "--member", "m", "--role", "owner", "--data", data);
    const key = await launch("key", "--workspace", "w", "--name", "n", "--data", data);

    for (const { code, stdout, stderr } of [token, key]) {
      expect(code).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toContain(`there is no data folder ${data}`);
    }
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test("refuses a role, a command and an option that do not exist, and names those that do", async () => {
    const role = await launch("token", "--workspace", "w", "--member", "m", "--role", "king", "--data", server.data);
    const command = await launch("upp");
    const option = await launch("up", "--prot", "1");

    expect(role.code).not.toBe(0);
    expect(role.stderr).toContain("viewer");
    expect(command.code).toBe(1);
    expect(command.stderr).toContain("upp");
    expect(option.code).not.toBe(0);
    expect(option.stderr).toContain("--prot");
  });

  test("is POSIX sh", async () => {
    await promisify(execFile)("sh", ["-n", join(import.meta.dirname, "../../../heliograph")]);
  });
});

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
