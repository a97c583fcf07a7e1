// Built into dist/heliograph-types.js: the command `heliograph-types`.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { declarations, itemsIn, type EventTypeItem } from "./event-types.js";

const USAGE = `usage: heliograph-types URL [--out FILE] [--token-file FILE]

Writes TypeScript types of a workspace's event types (GET URL/v1/event-types) for client.on("order:shipped", …).

  URL           the server, such as https://heliograph.example.com
  --out         the file that is written; - for standard output (default: heliograph-events.d.ts)
  --token-file  a file with a member's token or an API key (default: the variable HELIOGRAPH_TOKEN)
`;

async function run(args: readonly string[]): Promise<void> {
  const { url, out, tokenFile } = optionsOf(args);
  const token = await tokenOf(tokenFile);
  const items = await eventTypes(url, token);
  const text = await declarations(items, url);
  if (out === "-") process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`heliograph-types: ${items.length} event types in ${out}\n`);
  }
}

function optionsOf(args: readonly string[]): { readonly url: string; readonly out: string; readonly tokenFile: string | undefined } {
  if (args.some((arg) => /^--token(=|$)/.test(arg))) throw new Error("a token on the command line is visible to others: set HELIOGRAPH_TOKEN, or name a file by --token-file");
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: "string" }, "token-file": { type: "string" }, help: { type: "boolean" } },
  });
  const [url, ...others] = positionals;
  if (values.help === true) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (url === undefined || others.length > 0 || !/^https?:\/\/\S+$/.test(url)) throw new Error(`name one server, by its URL\n\n${USAGE}`);
  return { url: url.replace(/\/+$/, ""), out: values.out ?? "heliograph-events.d.ts", tokenFile: values["token-file"] };
}

async function tokenOf(file: string | undefined): Promise<string> {
  const token = (file === undefined ? process.env["HELIOGRAPH_TOKEN"] : await readFile(file, "utf8"))?.trim();
  if (token === undefined || token === "") throw new Error(file === undefined ? "set HELIOGRAPH_TOKEN to a member's token or an API key, or name a file by --token-file" : `${file} is empty`);
  return token;
}

async function eventTypes(url: string, token: string): Promise<readonly EventTypeItem[]> {
  const all: EventTypeItem[] = [];
  let cursor: string | undefined;
  do {
    const page = itemsIn(await get(`${url}/v1/event-types${cursor === undefined ? "" : `?${new URLSearchParams({ cursor }).toString()}`}`, token));
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

async function get(address: string, token: string): Promise<unknown> {
  const response = await fetch(address, { headers: { Accept: "application/json", Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(30_000) }).catch(
    (error: unknown) => {
      const { cause } = error as { readonly cause?: unknown };
      throw new Error(`${address} cannot be reached: ${String(cause instanceof Error ? cause.message : error)}`, { cause: error });
    },
  );
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const { detail } = (body ?? {}) as { readonly detail?: unknown };
    throw new Error(`${address} answered ${response.status}${typeof detail === "string" ? `: ${detail}` : ""}`);
  }
  return body;
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`heliograph-types: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
