// Writes the CycloneDX list of a package's parts: those of the server's jar, the Java runtime, and the npm packages that
// the dashboard is built from.
// node sbom.mjs JAR_LIST DASHBOARD_LIST JAVA_VERSION OUT
import { readFileSync, writeFileSync } from "node:fs";

const [jarList, dashboardList, javaVersion, out] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const sbom = read(jarList);
const dashboard = read(dashboardList);
const runtime = { "type": "platform", "bom-ref": `openjdk@${javaVersion}`, "name": "openjdk", "version": javaVersion };
const application = sbom.metadata.component["bom-ref"];
const front = dashboard.metadata.component;

sbom.components.push(runtime, front, ...dashboard.components);
sbom.dependencies.find(({ ref }) => ref === application).dependsOn.push(runtime["bom-ref"], front["bom-ref"]);
sbom.dependencies.push({ ref: runtime["bom-ref"], dependsOn: [] }, ...dashboard.dependencies);
writeFileSync(out, `${JSON.stringify(sbom, null, 2)}\n`);
