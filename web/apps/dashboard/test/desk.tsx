import { MantineProvider } from "@mantine/core";
import { createClient, type Role } from "@heliograph/client";
import { WebSocketProvider } from "@heliograph/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, type RenderResult } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { FakeCarriers } from "../../../packages/client/test/fake-carriers.js";
import { SessionContext } from "../src/session/session-context.js";
import { AnnouncerProvider } from "../src/shared/announcer.js";
import { LanguageContext, type Language } from "../src/shared/language.js";

export const at = "2026-01-01T09:00:00.000Z";

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Answer = (sent: Sent) => object;

/** The server as a test plays it, and a page of a member of it. */
export class Desk {
  readonly carriers = new FakeCarriers();
  /** Changes that were asked for, and lists, in order. */
  readonly sent: Sent[] = [];
  readonly #answers = new Map<string, { answer: Answer; status: number }>();
  readonly client = createClient({
    url: "http://server",
    getToken: () => Promise.resolve({ token: "t" }),
    overrides: { ...this.carriers.overrides, fetch: (input, init) => this.#fetch(new URL(input instanceof Request ? input.url : input), init ?? {}) },
  });

  constructor() {
    this.answer("GET /v1/agents", { data: [], asOf: "k1:5:x", counts: {} });
    this.answer("GET /v1/members", { data: [member("ada", "owner"), member("bo", "operator")], asOf: "k1:5:x" });
  }

  /** What a request such as `GET /v1/members` answers from now on; 204 has no body. */
  answer(request: string, answer: object | Answer, status = 200): void {
    this.#answers.set(request, { answer: typeof answer === "function" ? (answer as Answer) : () => answer, status });
  }

  refuse(request: string, status: number, code: string, detail: string): void {
    this.answer(request, { status, code, title: "no", detail }, status);
  }

  show(page: ReactNode, { role = "owner", language = "en" }: { readonly role?: Role; readonly language?: Language } = {}): RenderResult {
    const identity = { member: { id: "mem_ada", name: "Ada", role }, workspace: { id: "ws_1", slug: "acme", name: "Acme" }, session: { id: "ses_1" } };
    return render(
      <MantineProvider env="test">
        <LanguageContext value={{ language, chosen: language, choose: () => undefined }}>
          <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
            <SessionContext value={{ identity, client: this.client }}>
              <WebSocketProvider client={this.client}>
                <AnnouncerProvider>
                  <Suspense>{page}</Suspense>
                </AnnouncerProvider>
              </WebSocketProvider>
            </SessionContext>
          </QueryClientProvider>
        </LanguageContext>
      </MantineProvider>,
    );
  }

  /** Requests other than GET. */
  get changes(): readonly string[] {
    return this.sent.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }

  event(offset: number): void {
    act(() => this.carriers.event(offset, "agent:promoted", "agt_1", {}));
  }

  #fetch(url: URL, { method = "GET", body }: RequestInit): Promise<Response> {
    const sent: Sent = { method, path: url.pathname, query: Object.fromEntries(url.searchParams), body: typeof body === "string" ? JSON.parse(body) : undefined };
    this.sent.push(sent);
    const { answer, status } = this.#answers.get(`${method} ${url.pathname}`) ?? { answer: () => ({ asOf: "k1:5:x" }), status: 200 };
    const made = answer(sent);
    const text = made instanceof Blob ? made : JSON.stringify(made);
    return Promise.resolve(new Response(status === 204 ? null : text, { status }));
  }
}

export function member(handle: string, role: Role) {
  return { id: `mem_${handle}`, handle: `${handle}@example.com`, name: handle === "ada" ? "Ada" : "Bo", role, createdAt: at };
}
