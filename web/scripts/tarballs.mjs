// Packs both packages into a folder, and holds the tarballs against publint and @arethetypeswrong/cli.
// `node scripts/tarballs.mjs FOLDER`; prints their paths, of @heliograph/client first.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = (folder, command, ...args) => execFileSync(command, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
const tool = (name) => join(root, "node_modules/.bin", name);

function check(command, ...args) {
  try {
    run(root, command, ...args);
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}`, { cause: error });
  }
}

/** Packs, checks, and returns the two paths. */
export function packAll(folder) {
  return ["client", "react"].map((name) => {
    const packed = run(join(root, "packages", name), "npm", "pack", "--silent", "--pack-destination", folder).trim().split("\n").at(-1);
    const tarball = join(folder, packed);
    const read = (path) => run(folder, "tar", "-xzOf", packed, `package/${path}`);
    const sbom = JSON.parse(read("sbom.cdx.json"));
    if (sbom.metadata.component.purl !== `pkg:npm/%40heliograph/${name}@${sbom.metadata.component.version}` || sbom.components.length === 0) {
      throw new Error(`the SBOM in ${packed} does not describe @heliograph/${name}`);
    }
    if (!read("LICENSE").includes("Apache License")) throw new Error(`${packed} has no LICENSE`);
    check(tool("publint"), "run", tarball, "--strict");
    // The packages are ES modules only: require() of CommonJS works where Node can do that, from 20.19 and 22.12 on.
    check(tool("attw"), tarball, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", "./connection-status.css");
    return tarball;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(packAll(process.argv[2]).join("\n"));
