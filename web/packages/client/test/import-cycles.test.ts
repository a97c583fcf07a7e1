import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const web = new URL("../../../", import.meta.url).pathname;

/** The files of a folder and, for each, the files that it imports, types included. */
function importsIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(join(web, folder), { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  const paths = new Map(files.map((name) => [moduleOf(join(folder, name)), join(web, folder, name)]));
  return new Map(
    [...paths].map(([module, path]) => {
      const imports = [...readFileSync(path, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)].map(([, target = ""]) => moduleOf(normalize(join(dirname(module), target))));
      return [module, imports.filter((target) => paths.has(target))];
    }),
  );
}

function moduleOf(path: string): string {
  return path.replace(/\.(tsx?|js)$/, "");
}

/** The first way from a module back to itself; undefined when there is none. */
function cycleIn(imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const visit = (module: string, path: readonly string[]): string | undefined => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module].map((name) => relative("packages", name)).join(" → ");
    if (done.has(module)) return undefined;
    for (const target of imports.get(module) ?? []) {
      const found = visit(target, [...path, module]);
      if (found !== undefined) return found;
    }
    done.add(module);
    return undefined;
  };
  for (const module of imports.keys()) {
    const found = visit(module, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

// ESLint's import/no-cycle looks at values only; a circle of types also says that a type is in the wrong file.
test.each(["packages/client/src", "packages/react/src", "apps/dashboard/src"])("no file of %s imports itself through others, not even for types", (folder) => {
  const imports = importsIn(folder);

  expect(imports.size).toBeGreaterThan(5);
  expect([...imports.values()].flat().length).toBeGreaterThan(5);
  expect(cycleIn(imports)).toBeUndefined();
});
