import { randomUUID } from "node:crypto";

/** An event as every reader of the log gets it; what `data` holds depends on the type. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly offset: number;
  readonly at: string;
  readonly subject: { readonly type: string; readonly id: string; readonly version?: number };
  readonly data: Record<string, unknown>;
}

export interface Approval {
  readonly id: string;
  readonly agentId: string;
  readonly status: string;
  readonly title: string;
  readonly version: number;
  readonly expiresAt: string;
  readonly url: string;
  readonly action: { readonly name: string; readonly digest: string };
  readonly resolution?: { readonly outcome: string; readonly by: unknown };
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The REST API as one caller sees it, over fetch: what it sends and what came back, nothing hidden. */
export class Api {
  readonly #url: string;
  readonly #credential: string;

  constructor(url: string, credential: string) {
    this.#url = url;
    this.#credential = credential;
  }

  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#credential}`,
        ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === "" ? undefined : JSON.parse(text)) as T };
  }

  /** Calls, and throws what the server said unless it answered with a 2xx. */
  async ok<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.call<T>(method, path, body, headers);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  createApproval(fields: Record<string, unknown> = {}): Promise<Approval> {
    return this.ok("POST", "/v1/approvals", {
      title: "Refund order 9?",
      action: { name: "refund", args: { orderId: 9, amount: 42 } },
      risk: "high",
      expiresIn: 600,
      ...fields,
    });
  }

  decide(approval: Approval, outcome: "approved" | "rejected"): Promise<Answer<Approval>> {
    return this.call("POST", `/v1/approvals/${approval.id}/decision`, { outcome, digest: approval.action.digest });
  }

  /** Everything after `cursor` that this caller may see, oldest first, page by page. */
  async log(cursor?: string): Promise<Envelope[]> {
    const events: Envelope[] = [];
    let after = cursor;
    for (;;) {
      const query = new URLSearchParams({ limit: "200", ...(after === undefined ? {} : { after }) });
      const page = await this.ok<{ data: Envelope[]; nextCursor?: string }>("GET", `/v1/events?${query}`);
      events.push(...page.data);
      if (page.data.length === 0 || page.nextCursor === undefined) return events;
      after = page.nextCursor;
    }
  }
}
