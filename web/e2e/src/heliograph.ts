import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const LAUNCHER = resolve(import.meta.dirname, "../../../heliograph");
const run = promisify(execFile);

/** By their names in the environment: HELIOGRAPH_… */
export type Settings = Readonly<Record<string, string>>;
export type Role = "owner" | "admin" | "operator" | "viewer";

/** A free port of this machine, at the time of the call. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listening socket has no port");
  server.close();
  await once(server, "close");
  return address.port;
}

/** Runs one command of the launcher to its end. Never throws: a failure is its exit status and what it printed. */
export function launch(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return launchWith({}, args);
}

/** The same with settings in its environment. */
async function launchWith(settings: Settings, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await run(LAUNCHER, args, { env: { ...process.env, ...settings } });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const failure = error as { code?: number; stdout?: string; stderr?: string };
    return { code: failure.code ?? -1, stdout: failure.stdout ?? "", stderr: failure.stderr ?? "" };
  }
}

/** One server started by `./heliograph up`, on a free port and a data folder of its own. */
export class Heliograph {
  readonly port: number;
  readonly data: string;
  readonly #args: readonly string[];
  readonly #settings: Settings;
  #process: ChildProcess | undefined;
  #output = "";
  #secrets = "";

  private constructor(port: number, data: string, args: readonly string[], settings: Settings) {
    this.port = port;
    this.data = data;
    this.#args = args;
    this.#settings = settings;
  }

  static up(...args: string[]): Promise<Heliograph> {
    return Heliograph.upWith({}, ...args);
  }

  static async upWith(settings: Settings, ...args: string[]): Promise<Heliograph> {
    const server = new Heliograph(await freePort(), await mkdtemp(join(tmpdir(), "heliograph-")), args, settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All that the server has printed since its last start. */
  get output(): string {
    return this.#output;
  }

  /** From the file that the server names, as it has no terminal. */
  get signInLink(): string {
    return this.#secret(/http:\/\/\S+\/sign-in#code=\S+/);
  }

  get apiKey(): string {
    return this.#secret(/\bhk_\w+/);
  }

  /** Starts the process and returns when it says that it answers requests. */
  async start(): Promise<void> {
    this.#output = "";
    const child = spawn(LAUNCHER, ["up", "--port", String(this.port), "--data", this.data, ...this.#args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.#settings },
    });
    this.#process = child;
    await new Promise<void>((ready, failed) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (/\bready in\b/i.test(this.#output)) ready();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code, signal) => {
        failed(new Error(`heliograph up ended (${code ?? signal}) before it was ready:\n${this.#output}`));
      });
    });
    this.#secrets = await readFile(join(this.data, "first-run.txt"), "utf8");
  }

  /** As Ctrl-C does. Returns the exit status. */
  async interrupt(): Promise<number | null> {
    return this.#end("SIGINT");
  }

  /** As a service manager does. Returns the exit status. */
  async terminate(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** As kill -9 does: nothing of the process runs any more when this returns. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Nothing of the process runs until `resume`; the system goes on to accept its connections. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends the process, if it still runs, and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** With topics the token is limited to them. */
  async token(workspace: string, member: string, role: Role, ttl = "1h", topics?: string): Promise<string> {
    const limit = topics === undefined ? [] : ["--topics", topics];
    return this.#command("token", "--workspace", workspace, "--member", member, "--role", role, "--ttl", ttl, ...limit);
  }

  async key(workspace: string, name: string): Promise<string> {
    return this.#command("key", "--workspace", workspace, "--name", name);
  }

  async #command(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await launchWith(this.#settings, [...args, "--data", this.data]);
    if (code !== 0) throw new Error(`heliograph ${args.join(" ")} ended with ${code}: ${stderr}`);
    return stdout.trim();
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, "exit") as Promise<[number | null]>;
    child.kill(signal);
    return (await exit)[0];
  }

  #secret(pattern: RegExp): string {
    const match = pattern.exec(this.#secrets);
    if (match === null) throw new Error(`nothing like ${pattern} is in first-run.txt`);
    return match[0];
  }
}
