import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** What is known of a file of the build, as the bundler calls it. */
export interface Chunk {
  readonly type: "chunk" | "asset";
  readonly code?: string;
  readonly isEntry?: boolean;
  /** Files that are loaded with it. */
  readonly imports?: readonly string[];
  readonly facadeModuleId?: string | null;
  readonly moduleIds?: readonly string[];
}

export interface FirstLoad {
  /** The page's JavaScript, gzipped. */
  readonly bytes: number;
  readonly files: readonly string[];
}

/**
 * The JavaScript that is loaded before a page can be used: the entry with all that it imports statically, and the same of the modules that the
 * page needs and are loaded when it is shown, by the ends of their names. The shared worker is not among it.
 */
export function firstLoad(bundle: Readonly<Record<string, Chunk>>, modules: readonly string[]): FirstLoad {
  const files = new Set<string>();
  const add = (name: string): void => {
    if (files.has(name)) return;
    files.add(name);
    for (const imported of bundle[name]?.imports ?? []) add(imported);
  };
  const chunks = Object.entries(bundle).filter(([, chunk]) => chunk.type === "chunk");
  for (const [name, chunk] of chunks) if (chunk.isEntry === true) add(name);
  for (const module of modules) {
    const found = chunks.find(([, chunk]) => chunk.facadeModuleId?.endsWith(module) === true);
    if (found === undefined) throw new Error(`the build has no file for ${module}: is it still loaded by import()?`);
    add(found[0]);
  }
  if (files.size === 0) throw new Error("the build has no entry");
  const bytes = [...files].reduce((sum, name) => sum + gzipSync(bundle[name]?.code ?? "", { level: 9 }).length, 0);
  return { bytes, files: [...files] };
}

interface Budget {
  readonly page: string;
  readonly modules: readonly string[];
  /** Most bytes of JavaScript, gzipped. */
  readonly limit: number;
}

/** How the names of files with texts of another language than English end. */
const TRANSLATED = ".de.ts";

/** Fails the build when the first load of a page is larger than its budget, or has texts of another language than English. */
export function firstLoadBudget(budgets: readonly Budget[]): Plugin {
  return {
    name: "first-load-budget",
    apply: "build",
    writeBundle: {
      order: "post",
      handler(_, bundle) {
        for (const { page, modules, limit } of budgets) {
          const { bytes, files } = firstLoad(bundle, modules);
          const chunks: Readonly<Record<string, Chunk>> = bundle;
          const foreign = files.flatMap((file) => chunks[file]?.moduleIds ?? []).find((module) => module.endsWith(TRANSLATED));
          if (foreign !== undefined) this.error(`first load of ${page} has ${foreign}: load the texts of another language by import() in a catalogue`);
          const text = `first load of ${page}: ${kilobytes(bytes)} of JavaScript, gzipped; limit ${kilobytes(limit)}`;
          if (bytes > limit) this.error(`${text}. Load what is not needed at once by import(). Files: ${files.join(", ")}`);
          this.info(text);
        }
      },
    },
  };
}

/** 1 kB is 1,000 bytes. */
function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
