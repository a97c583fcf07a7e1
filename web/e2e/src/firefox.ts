import puppeteer, { type Browser, type Page } from "puppeteer-core";
import type { Engine, EnginePage } from "./engine.js";

/** Firefox over WebDriver BiDi. Its pages are tabs of one window: all but the one in front are hidden. */
export class Firefox implements Engine {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<Firefox> {
    return new Firefox(await puppeteer.launch({ browser: "firefox", executablePath: process.env["FIREFOX"] ?? "/usr/bin/firefox-esr", headless: true }));
  }

  async open(): Promise<EnginePage> {
    return new Tab(await this.#browser.newPage());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

class Tab implements EnginePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  /** Not the page's own `goBack`, which waits in vain when the page comes out of the back/forward cache. */
  async back(): Promise<void> {
    await this.#page.evaluate(() => void setTimeout(() => history.back()));
  }

  async evaluate<A extends readonly unknown[], T>(script: (...args: A) => T, ...args: A): Promise<T> {
    return (await this.#page.evaluate(script as unknown as (...args: unknown[]) => unknown, ...args)) as T;
  }

  async press(letter: string): Promise<void> {
    await this.#page.bringToFront();
    await this.#page.keyboard.type(letter);
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}
