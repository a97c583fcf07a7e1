import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { firstLoad, firstLoadBudget, type Chunk } from "../first-load.js";

const chunk = (code: string, more: Partial<Chunk> = {}): Chunk => ({ type: "chunk", code, ...more });
const size = (code: string) => gzipSync(code, { level: 9 }).length;

const bundle: Record<string, Chunk> = {
  "main.js": chunk("main()", { isEntry: true, imports: ["react.js", "shared.js"] }),
  "react.js": chunk("react()"),
  "shared.js": chunk("shared()", { imports: ["react.js"] }),
  "detail.js": chunk("detail()", { facadeModuleId: "/app/src/approvals/approval-detail.tsx", imports: ["shared.js", "dialog.js"] }),
  "dialog.js": chunk("dialog()"),
  "agents.js": chunk("agents()", { facadeModuleId: "/app/src/agents/agents-page.tsx" }),
  "main.css": { type: "asset" },
};

test("the first load is the entry with what it imports, each file once", () => {
  expect(firstLoad(bundle, [])).toEqual({ bytes: size("main()") + size("react()") + size("shared()"), files: ["main.js", "react.js", "shared.js"] });
});

test("what a page needs besides is counted with what it imports", () => {
  expect(firstLoad(bundle, ["src/approvals/approval-detail.tsx"]).files).toEqual(["main.js", "react.js", "shared.js", "detail.js", "dialog.js"]);
});

test("a part that is not loaded apart any more is an error, not nothing", () => {
  expect(() => firstLoad(bundle, ["src/approvals/preview.tsx"])).toThrow("the build has no file for src/approvals/preview.tsx");
  expect(() => firstLoad({}, [])).toThrow("no entry");
});

test("a build over the limit fails and says by what", () => {
  const { bytes } = firstLoad(bundle, []);
  const run = (limit: number, built = bundle): string[] => {
    const said: string[] = [];
    const { writeBundle } = firstLoadBudget([{ page: "/approvals", modules: [], limit }]) as unknown as { writeBundle: { handler: (options: unknown, bundle: unknown) => void } };
    const context = { info: (text: string) => said.push(text), error: (text: string) => { throw new Error(text); } };
    writeBundle.handler.call(context, {}, built);
    return said;
  };

  expect(run(bytes)).toEqual(["first load of /approvals: 0.1 kB of JavaScript, gzipped; limit 0.1 kB"]);
  expect(() => run(bytes - 1)).toThrow("Files: main.js, react.js, shared.js");

  const german = { ...bundle, "shared.js": { ...bundle["shared.js"], type: "chunk", moduleIds: ["/app/src/shell/texts.ts", "/app/src/shell/texts.de.ts"] } as const };
  expect(() => run(bytes, german)).toThrow("first load of /approvals has /app/src/shell/texts.de.ts");
});
