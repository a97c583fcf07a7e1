import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const target = resolve(import.meta.dirname, "../../../server/target");
const libraries = join(target, "app/lib");

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

test("the server brings no transport that it does not use, and natives of Linux only", async () => {
  const jars = await readdir(libraries);

  expect(jars.length).toBeGreaterThan(50);
  expect(jars.filter((jar) => /quic|http3|socks|codec-(haproxy|memcache|mqtt|smtp|stomp|redis|xml)|osx|macos|windows|kqueue|io_uring/.test(jar))).toEqual([]);
});

test("the server's SBOM names every library with its hash", async () => {
  const sbom = JSON.parse(await readFile(join(target, "classes/META-INF/sbom/application.cdx.json"), "utf8")) as { bomFormat: string; components: Component[] };
  expect(sbom.bomFormat).toBe("CycloneDX");
  const hashes = new Set(sbom.components.flatMap((component) => component.hashes.filter(({ alg }) => alg === "SHA-256").map(({ content }) => content)));
  const own = /^(engineio|socketio|eventlog|gateway)-/;

  for (const jar of await readdir(libraries)) {
    // Put in by Spring Boot when it makes the jar; it only unpacks.
    if (jar.startsWith("spring-boot-jarmode-tools-")) continue;
    if (own.test(jar)) {
      expect(sbom.components.map(({ name, version }) => `${name}-${version}.jar`)).toContain(jar);
    } else {
      const hash = createHash("sha256").update(await readFile(join(libraries, jar))).digest("hex");
      expect(hashes.has(hash), `${jar} is in the SBOM with its hash`).toBe(true);
    }
  }
});
