import { rm } from "node:fs/promises";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { Api } from "./api.js";
import { buildProbe, Chromium } from "./browser.js";
import { Gate } from "./gate.js";
import { Heliograph } from "./heliograph.js";

/** What the tests of one file play on: one server behind a gate with the probe page, and one workspace. */
export interface ServerStage {
  readonly server: Heliograph;
  readonly gate: Gate;
  /** Ada's, an operator of the workspace `acme`; what the gate gives to pages unless a test says otherwise. */
  readonly token: string;
  /** The agent that makes events. */
  readonly writer: Api;
  /** Ada. */
  readonly reader: Api;
}

/** The same with Chromium. */
export interface Stage extends ServerStage {
  readonly chromium: Chromium;
  /** A new one for each test: nothing is left of the test before. */
  readonly context: BrowserContext;
}

type Writable<T> = { -readonly [Part in keyof T]: T[Part] };

/** Call it once at the top of a file; the parts are there while tests run. */
export function useServerStage(): ServerStage {
  const stage = {} as Writable<ServerStage>;
  let probe: string;
  beforeAll(async () => {
    probe = await buildProbe();
    stage.server = await Heliograph.up();
    stage.gate = await Gate.open(stage.server.port, { "/probe/": probe });
    stage.token = await stage.server.token("acme", "ada", "operator", "4h");
    stage.writer = new Api(stage.server.url, await stage.server.key("acme", "writer"));
    stage.reader = new Api(stage.server.url, stage.token);
  });
  afterAll(async () => {
    await stage.gate.close();
    await stage.server.remove();
    await rm(probe, { recursive: true, force: true });
  });
  beforeEach(() => {
    stage.gate.token = () => stage.token;
    stage.gate.prefix = "";
    stage.gate.webSocketLife = Number.POSITIVE_INFINITY;
    stage.gate.block();
  });
  return stage;
}

/** Call it once at the top of a file; the parts are there while tests run. */
export function useStage(): Stage {
  const stage = useServerStage() as Writable<Stage>;
  beforeAll(async () => {
    stage.chromium = await Chromium.launch();
  });
  afterAll(() => stage.chromium.close());
  beforeEach(async () => {
    stage.context = await stage.chromium.browser.newContext();
  });
  afterEach(() => stage.context.close());
  return stage;
}
