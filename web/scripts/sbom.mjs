// Writes sbom.cdx.json (CycloneDX) into the package in whose folder it runs: what the package brings along when it is installed.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { name, version, devDependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"));
// npm describes the whole workspace: kept is what can be reached from this package.
const root = fileURLToPath(new URL("..", import.meta.url));
const sbom = JSON.parse(execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "library"], { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 }));
const own = `${name}@${version}`;
const nameOf = (reference) => reference.slice(0, reference.lastIndexOf("@"));
const dependencies = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
dependencies.set(own, dependencies.get(own).filter((reference) => !(nameOf(reference) in devDependencies)));
const kept = new Set([own]);
for (const reference of kept) {
  dependencies.get(reference).forEach((next) => kept.add(next));
}
sbom.metadata.component = sbom.components.find((component) => component["bom-ref"] === own);
sbom.components = sbom.components.filter((component) => component["bom-ref"] !== own && kept.has(component["bom-ref"]));
sbom.dependencies = [...kept].map((ref) => ({ ref, dependsOn: dependencies.get(ref) }));
writeFileSync("sbom.cdx.json", `${JSON.stringify(sbom, null, 2)}\n`);
