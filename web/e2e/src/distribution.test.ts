import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { Api } from "./api.js";
import { freePort, launch } from "./heliograph.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);

let folder: string;
let tarball: string;
let deb: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heliograph-packages-"));
  const made = await launch("package", folder);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  const [first = "", second = ""] = made.stdout.trim().split("\n");
  tarball = first;
  deb = second;
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the tarball", () => {
  let home: string;
  let tools: string;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    home = join(folder, "unpacked");
    await mkdir(home);
    await run("tar", ["--extract", "--gzip", "--file", tarball, "--directory", home, "--strip-components", "1"]);
    // A machine on which java, mvn, node and npm are not what they should be.
    tools = join(folder, "tools");
    await mkdir(tools);
    for (const tool of ["java", "mvn", "node", "npm"]) {
      await writeFile(join(tools, tool), `#!/bin/sh\necho ${tool} >>${join(folder, "called")}\nexit 1\n`);
      await chmod(join(tools, tool), 0o755);
    }
    environment = { PATH: `${tools}:/usr/bin:/bin`, HOME: folder };
  });

  test("runs without a JDK, Maven and Node, with the settings of its own file, and ends cleanly", { timeout: 240_000 }, async () => {
    const port = await freePort();
    const data = join(folder, "data");
    await writeFile(join(home, "etc/heliograph.properties"), `heliograph.port=${port}\nheliograph.data=${data}\n`);
    const server = await serving(join(home, "bin/heliograph"), environment);
    const { stdout: key } = await run(join(home, "bin/heliograph"), ["key", "--workspace", "acme", "--name", "robot"], { env: environment });
    const agent = new Api(`http://127.0.0.1:${port}`, key.trim());

    const approval = await agent.createApproval({ title: "From a package" });

    expect((await agent.call("GET", `/v1/approvals/${approval.id}`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain("<title>Heliograph</title>");
    const mapped = await readFile(`/proc/${server.pid}/maps`, "utf8");
    expect(mapped, "the start-up cache is used where the package was unpacked").toContain(join(home, "app/server.aot"));
    server.kill("SIGTERM");
    expect(await new Promise((ended) => server.once("exit", ended))).toBe(143);
    await expect(readFile(join(folder, "called"))).rejects.toThrow("ENOENT");
  });

  test("names its commands, and refuses others with status 2", async () => {
    expect((await run(join(home, "bin/heliograph"), ["help"], { env: environment })).stdout).toContain("backup FILE");
    await expect(run(join(home, "bin/heliograph"), ["tset"], { env: environment })).rejects.toMatchObject({ stderr: expect.stringContaining("tset") as string });
  });

  test("lists the parts of server, runtime and dashboard", async () => {
    for (const file of [join(home, "sbom.cdx.json"), `${tarball}.cdx.json`, `${deb}.cdx.json`]) {
      const sbom = JSON.parse(await readFile(file, "utf8")) as { bomFormat: string; components: { name: string }[]; dependencies: { ref: string; dependsOn?: string[] }[] };
      const names = new Set(sbom.components.map(({ name }) => name));

      expect(sbom.bomFormat).toBe("CycloneDX");
      for (const part of ["openjdk", "netty-handler", "sqlite-jdbc", "react", "socket.io-client"]) expect(names).toContain(part);
    }
  });
});

async function serving(launcher: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(launcher, ["up"], { stdio: ["ignore", "pipe", "pipe"], env: environment });
  let output = "";
  await new Promise<void>((ready, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("ready in")) ready();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      failed(new Error(`it ended (${code}) before it was ready:\n${output}`));
    });
  });
  return child;
}

describe("the Debian package", () => {
  let tree: string;
  beforeAll(async () => {
    tree = join(folder, "tree");
    await mkdir(join(tree, "var/lib/dpkg/info"), { recursive: true });
    await mkdir(join(tree, "var/lib/dpkg/updates"));
    await writeFile(join(tree, "var/lib/dpkg/status"), "");
    // Nothing of the machine is changed: files go below the tree, and the package's scripts get its path.
    const install = ["dpkg", `--root=${tree}`, "--force-script-chrootless", "--force-depends", "--install", deb];
    await (process.getuid?.() === 0 ? run("env", install) : run("fakeroot", ["-s", join(folder, "owners"), "env", ...install]));
  }, 120_000);

  test("has its own user, and settings that only root and that user read", async () => {
    const passwd = await readFile(join(tree, "etc/passwd"), "utf8");
    const [, uid, gid] = /^heliograph:[^:]*:(\d+):(\d+):.*:\/var\/lib\/heliograph:/m.exec(passwd) ?? [];
    const settings = await stat(join(tree, "etc/heliograph/heliograph.properties"));
    const data = await stat(join(tree, "var/lib/heliograph"));

    expect(settings.mode & 0o777).toBe(0o640);
    expect(data.mode & 0o777).toBe(0o750);
    if (process.getuid?.() === 0) {
      expect([settings.uid, settings.gid, data.uid, data.gid].map(String)).toEqual(["0", gid, uid, gid]);
    }
    expect(await readFile(join(tree, "etc/heliograph/heliograph.properties"), "utf8")).toContain("\nheliograph.data=/var/lib/heliograph\n");
    expect((await run("dpkg-deb", ["--info", deb, "conffiles"])).stdout).toContain("/etc/heliograph/heliograph.properties");
  });

  test("has a unit that systemd takes, with little that it may do", async () => {
    const { stderr } = await run("systemd-analyze", ["verify", `--root=${tree}`, "--recursive-errors=no", "heliograph.service"]);
    const { stdout } = await run("systemd-analyze", ["security", "--offline=true", `--root=${tree}`, "--no-pager", "heliograph.service"]);

    expect(stderr).not.toMatch(/heliograph\.service/);
    expect(Number(/Overall exposure level for heliograph\.service: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2.5);
  });

  test("starts the same launcher, which needs only what is in the package", async () => {
    const { stdout } = await run(join(tree, "usr/lib/heliograph/runtime/bin/java"), ["-version"]).then(({ stderr }) => ({ stdout: stderr }));

    expect(stdout).toContain("25");
    expect((await run("readlink", ["-f", join(tree, "usr/bin/heliograph")])).stdout.trim()).toBe(join(tree, "usr/lib/heliograph/bin/heliograph"));
  });
});

describe("what comes with it for operators", () => {
  const docs = join(ROOT, "docs");

  test("alert rules that promtool takes, and that fire when they should", async () => {
    const promtool = process.env["PROMTOOL"] ?? "promtool";

    expect((await run(promtool, ["check", "rules", join(docs, "monitoring/alerts.yaml")])).stdout).toContain("SUCCESS");
    expect((await run(promtool, ["test", "rules", join(docs, "monitoring/alerts.test.yaml")])).stdout).toContain("SUCCESS");
  });

  test("rules and panels about metrics that there are", async () => {
    const meters = (await readFile(join(ROOT, "server/src/main/resources/metrics.properties"), "utf8"))
      .split("\n")
      .filter((line) => line.startsWith("heliograph."))
      .map((line) => line.slice(0, line.indexOf("=")).replaceAll(".", "_"));
    const used = ["alerts.yaml", "grafana.json"].map((file) => readFile(join(docs, "monitoring", file), "utf8"));
    const names = new Set((await Promise.all(used)).join("\n").match(/\bheliograph_[a-z_]+/g));
    const unknown = [...names].filter((name) => !meters.some((meter) => new RegExp(`^${meter}(_seconds|_bytes)?(_total|_bucket|_count|_sum)?$`).test(name)));

    expect(names.size).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  test("manifests and compose files that are YAML and name settings that there are", async () => {
    const operations = await readFile(join(docs, "OPERATIONS.md"), "utf8");
    const files = [join(docs, "kubernetes/heliograph.yaml"), join(ROOT, "packaging/docker/compose.yaml"), join(ROOT, "packaging/docker/Dockerfile")];
    for (const file of files) {
      const text = await readFile(file, "utf8");
      const settings = new Set(text.match(/\bHELIOGRAPH_[A-Z_]+/g));

      expect(settings.size, file).toBeGreaterThan(2);
      for (const setting of settings) expect(operations, `${file} sets ${setting}`).toContain(`\`${setting}\``);
      if (file.endsWith(".yaml")) expect(parseAllDocuments(text, { merge: true }).flatMap(({ errors }) => errors), file).toEqual([]);
    }
  });
});

// A real installation changes this machine, so it has to be asked for.
if (process.env["HELIOGRAPH_TEST_INSTALL"] === "1") {
  test("is installed, serves as its own user, keeps the data over a removal, and is purged", { timeout: 300_000 }, async () => {
    await run("dpkg", ["--install", deb]);
    try {
      const port = await freePort();
      const server = await serving("/usr/bin/heliograph", { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HELIOGRAPH_PORT: String(port) });
      const { stdout: key } = await run("/usr/bin/heliograph", ["key", "--workspace", "acme", "--name", "robot"]);
      await new Api(`http://127.0.0.1:${port}`, key.trim()).createApproval({ title: "From a package" });
      server.kill("SIGTERM");
      await new Promise((ended) => server.once("exit", ended));
      const files = await readdir("/var/lib/heliograph");
      expect(files).toContain("heliograph.db");
      expect((await stat("/var/lib/heliograph/heliograph.db")).uid).not.toBe(0);
    } finally {
      await run("dpkg", ["--purge", "heliograph"]);
    }
    expect(await readdir("/var/lib/heliograph")).toContain("heliograph.db");
  });
}
