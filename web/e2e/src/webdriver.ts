/** A command that takes longer has failed. Milliseconds. */
const TIMEOUT = 30_000;

/** A session of a W3C WebDriver server (https://www.w3.org/TR/webdriver2/). It has one current window: commands run one after the other. */
export class WebDriverSession {
  readonly #url: string;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(url: string) {
    this.#url = url;
  }

  /** `server` is the driver's address, `capabilities` are what the browser must have. */
  static async start(server: string, capabilities: Readonly<Record<string, unknown>>): Promise<WebDriverSession> {
    const { sessionId } = await command<{ sessionId: string }>("POST", `${server}/session`, { capabilities: { alwaysMatch: capabilities } });
    return new WebDriverSession(`${server}/session/${sessionId}`);
  }

  /** The handle of the current window. */
  window(): Promise<string> {
    return command("GET", `${this.#url}/window`);
  }

  /** Runs a command of the session in one of its windows. Rejects with the driver's error. */
  inWindow<T>(handle: string, method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
    const result = this.#last.then(async () => {
      await command("POST", `${this.#url}/window`, { handle });
      return command<T>(method, this.#url + path, body);
    });
    this.#last = result.catch(() => undefined); // the caller has the error
    return result;
  }

  /** Ends the browser. */
  async end(): Promise<void> {
    await this.#last;
    await command("DELETE", this.#url);
  }
}

async function command<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname} answered ${value.error ?? response.status}: ${value.message ?? ""}`);
  return value;
}
