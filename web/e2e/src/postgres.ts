import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./heliograph.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const JARS = join(ROOT, "target/postgres");
const MAIN = resolve(import.meta.dirname, "../postgres/Postgres.java");

/** The PostgreSQL that the Java tests bring with them, as a process of its own on a free port. */
export class Postgres {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #url = "";
  #output = "";

  private constructor(process: ChildProcessWithoutNullStreams, folder: string) {
    this.#process = process;
    this.#folder = folder;
  }

  static async up(): Promise<Postgres> {
    await fetchJars();
    const folder = await mkdtemp(join(tmpdir(), "heliograph-postgres-"));
    const home = process.env["JAVA_HOME"];
    const java = home === undefined ? "java" : join(home, "bin/java");
    const child = spawn(java, ["-cp", join(JARS, "*"), MAIN, join(folder, "data"), String(await freePort())]);
    const postgres = new Postgres(child, folder);
    await postgres.#started();
    return postgres;
  }

  /** With user and password; the same after every restart. */
  get jdbcUrl(): string {
    return this.#url;
  }

  /** Stops it, as an operator does or as kill -9 does, and returns when it takes connections again. */
  async again(how: "restart" | "crash"): Promise<void> {
    this.#process.stdin.write(`${how}\n`);
    await this.#started();
  }

  async remove(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.stdin.end();
    await exit;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #started(): Promise<void> {
    this.#output = "";
    await new Promise<void>((ready, failed) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        const url = /jdbc:postgresql:\S+(?=\s)/.exec(this.#output)?.[0];
        if (url === undefined) return;
        this.#url = url;
        this.#process.stdout.off("data", read);
        ready();
      };
      this.#process.stdout.on("data", read);
      this.#process.stderr.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
      this.#process.once("exit", (code) => failed(new Error(`PostgreSQL ended (${String(code)}):\n${this.#output}`)));
    });
  }
}

/** Its program and the library that starts it, at the versions that the Java tests use. */
async function fetchJars(): Promise<void> {
  const there = await access(JARS).then(
    () => true,
    () => false,
  );
  if (there) return;
  const goal = "dependency:copy-dependencies";
  await promisify(execFile)("mvn", ["-B", "-ntp", "-q", "-pl", "eventlog", goal, "-DincludeScope=test", `-DoutputDirectory=${JARS}`], { cwd: ROOT });
}
