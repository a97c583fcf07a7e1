// Writes sbom.cdx.json (CycloneDX) into the package in whose folder it runs: what the package brings along when it is installed, and what its
// single files have inside (dist/bundled-packages.json).
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const { name, version } = read("package.json");
// npm describes the whole workspace: kept is what can be reached from this package.
const root = fileURLToPath(new URL("..", import.meta.url));
const sbom = JSON.parse(execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "library"], { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 }));
const own = `${name}@${version}`;
const nameOf = (reference) => reference.slice(0, reference.lastIndexOf("@"));
const dependencies = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
for (const manifest of ["package.json", ...["client", "react"].map((folder) => `${root}packages/${folder}/package.json`)]) {
  const { name, version, devDependencies = {} } = read(manifest);
  const reference = `${name}@${version}`;
  dependencies.set(reference, dependencies.get(reference).filter((next) => !(nameOf(next) in devDependencies)));
}
const kept = new Set([own]);
for (const reference of kept) {
  dependencies.get(reference).forEach((next) => kept.add(next));
}
// What a bundled package would need beside is not in the file.
const bundled = existsSync("dist/bundled-packages.json") ? read("dist/bundled-packages.json") : [];
dependencies.set(own, [...new Set([...dependencies.get(own), ...bundled])]);
bundled.forEach((reference) => kept.add(reference));
sbom.metadata.component = sbom.components.find((component) => component["bom-ref"] === own);
sbom.components = sbom.components.filter((component) => component["bom-ref"] !== own && kept.has(component["bom-ref"]));
sbom.dependencies = [...kept].map((ref) => ({ ref, dependsOn: dependencies.get(ref).filter((next) => kept.has(next)) }));
writeFileSync("sbom.cdx.json", `${JSON.stringify(sbom, null, 2)}\n`);
