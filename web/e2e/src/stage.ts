import { rm } from "node:fs/promises";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { Api } from "./api.js";
import { buildProbe, Chromium } from "./browser.js";
import { Gate } from "./gate.js";
import { Heliograph } from "./heliograph.js";

/** What the browser tests of one file play on: one server behind a gate with the probe page, one browser, one workspace. */
export interface Stage {
  readonly server: Heliograph;
  readonly gate: Gate;
  readonly chromium: Chromium;
  /** A new one for each test: nothing is left of the test before. */
  readonly context: BrowserContext;
  /** Ada's, an operator of the workspace `acme`; what the gate gives to pages unless a test says otherwise. */
  readonly token: string;
  /** The agent that makes events. */
  readonly writer: Api;
  /** Ada. */
  readonly reader: Api;
}

/** Call it once at the top of a file; the parts are there while tests run. */
export function useStage(): Stage {
  const stage = {} as { -readonly [Part in keyof Stage]: Stage[Part] };
  let probe: string;
  beforeAll(async () => {
    probe = await buildProbe();
    stage.server = await Heliograph.up();
    stage.gate = await Gate.open(stage.server.port, { "/probe/": probe });
    stage.chromium = await Chromium.launch();
    stage.token = await stage.server.token("acme", "ada", "operator", "4h");
    stage.writer = new Api(stage.server.url, await stage.server.key("acme", "writer"));
    stage.reader = new Api(stage.server.url, stage.token);
  });
  afterAll(async () => {
    await stage.chromium.close();
    await stage.gate.close();
    await stage.server.remove();
    await rm(probe, { recursive: true, force: true });
  });
  beforeEach(async () => {
    stage.gate.token = () => stage.token;
    stage.gate.prefix = "";
    stage.gate.webSocketLife = Number.POSITIVE_INFINITY;
    stage.gate.block();
    stage.context = await stage.chromium.browser.newContext();
  });
  afterEach(() => stage.context.close());
  return stage;
}
