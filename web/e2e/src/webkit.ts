import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { vi } from "vitest";
import type { Engine, EnginePage } from "./engine.js";
import { freePort } from "./heliograph.js";
import { WebDriverSession } from "./webdriver.js";

/** WebKitGTK's MiniBrowser on a display of its own. Its pages are windows: all are visible. */
export class WebKit implements Engine {
  readonly #processes: readonly ChildProcess[];
  readonly #session: WebDriverSession;
  /** Stays open, because the session ends with its last window. */
  readonly #window: string;

  private constructor(processes: readonly ChildProcess[], session: WebDriverSession, window: string) {
    this.#processes = processes;
    this.#session = session;
    this.#window = window;
  }

  static async launch(): Promise<WebKit> {
    const display = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const port = await freePort();
    const environment = { ...process.env, DISPLAY: await displayOf(display), GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1" };
    const driver = spawn("WebKitWebDriver", ["-p", String(port)], { stdio: "ignore", env: environment });
    const server = `http://127.0.0.1:${port}`;
    await vi.waitUntil(() => fetch(`${server}/status`).then(({ ok }) => ok, () => false), { timeout: 30_000 });
    const session = await WebDriverSession.start(server, { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } });
    return new WebKit([driver, display], session, await session.window());
  }

  async open(): Promise<EnginePage> {
    const { handle } = await this.#session.inWindow<{ handle: string }>(this.#window, "POST", "/window/new", { type: "window" });
    return new Window(this.#session, handle);
  }

  async close(): Promise<void> {
    try {
      await this.#session.end();
    } finally {
      // Also when the browser hangs: it ends with its display.
      for (const child of this.#processes) child.kill();
    }
  }
}

class Window implements EnginePage {
  readonly #session: WebDriverSession;
  readonly #handle: string;

  constructor(session: WebDriverSession, handle: string) {
    this.#session = session;
    this.#handle = handle;
  }

  async goto(url: string): Promise<void> {
    await this.#session.inWindow(this.#handle, "POST", "/url", { url });
  }

  /** Afterwards the driver answers only when both pages are in one process: it does from `about:blank`, not from a page of another origin. */
  async back(): Promise<void> {
    await this.#session.inWindow(this.#handle, "POST", "/back", {});
  }

  evaluate<A extends readonly unknown[], T>(script: (...args: A) => T, ...args: A): Promise<T> {
    return this.#session.inWindow(this.#handle, "POST", "/execute/sync", { script: `return (${script.toString()}).apply(null, arguments)`, args });
  }

  async press(letter: string): Promise<void> {
    const actions = ["keyDown", "keyUp"].map((type) => ({ type, value: letter }));
    await this.#session.inWindow(this.#handle, "POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async close(): Promise<void> {
    await this.#session.inWindow(this.#handle, "DELETE", "/window");
  }
}

/** The display's number, which the X server chooses and writes when it takes connections. */
async function displayOf(server: ChildProcess): Promise<string> {
  const [number] = (await once(createInterface(server.stdio[3] as Readable), "line")) as [string];
  return `:${number}`;
}

/** The browser comes with Debian's library of WebKitGTK, in a folder that is named by the machine's architecture. */
function miniBrowser(): string {
  const paths = readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`);
  const found = process.env["MINIBROWSER"] ?? paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error("no webkit2gtk-4.1/MiniBrowser is in a folder of /usr/lib; set MINIBROWSER to its path");
  return found;
}
