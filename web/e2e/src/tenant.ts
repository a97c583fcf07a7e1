import { Api, type Approval } from "./api.js";
import type { Heliograph } from "./heliograph.js";
import { newMarker } from "./markers.js";

/** What callers put into a request by kind. */
export interface Ids {
  readonly approvals: string[];
  readonly agents: string[];
  readonly notifications: string[];
  readonly members: string[];
  readonly keys: string[];
  readonly tokens: string[];
  /** Of the log and of lists, and pids of sockets. */
  readonly cursors: string[];
}

/** One workspace among many, whose every text holds its marker. */
export class Tenant {
  readonly name: string;
  readonly marker = newMarker();
  readonly ids: Ids = { approvals: [], agents: [], notifications: [], members: [], keys: [], tokens: [], cursors: [] };
  /** Of an owner, an operator, an agent that also publishes, and a customer whose token is limited to `orders/*`. */
  readonly credentials: string[] = [];
  /** Texts of published events that only some of the credentials may see. */
  readonly secrets: { readonly text: string; readonly seenBy: readonly string[] }[] = [];
  readonly #url: string;

  private constructor(url: string, name: string) {
    this.#url = url;
    this.name = name;
  }

  static async open(server: Heliograph, name: string): Promise<Tenant> {
    const tenant = new Tenant(server.url, name);
    await tenant.#furnish(server);
    return tenant;
  }

  get owner(): Api {
    return this.#as(0);
  }

  /** All that its owner can read, as one text: what nobody touches stays the same. */
  async inventory(): Promise<string> {
    const paths = ["/v1/approvals?status=pending", "/v1/agents", "/v1/notifications", "/v1/members", "/v1/api-keys", "/v1/audit", "/v1/overview"];
    const lists: unknown[] = [await this.owner.log()];
    for (const path of paths) lists.push(await this.owner.ok("GET", path));
    for (const id of this.ids.agents) lists.push(await this.owner.ok("GET", `/v1/agents/${id}/messages`));
    return JSON.stringify(lists, (key, value: unknown) => (["lastSeenAt", "lastUsedAt", "expiresAt"].includes(key) ? "" : value), 1);
  }

  #as(credential: number): Api {
    return new Api(this.#url, this.credentials[credential] ?? "");
  }

  /** Events for all, for the operator alone, and of topics that the customer's token sees and does not see. */
  async #publish(server: Heliograph, operatorId: string): Promise<void> {
    const { marker } = this;
    const [owner = "", operator = "", agent = ""] = this.credentials;
    const customer = await server.token(this.name, `customer ${marker}`, "viewer", "4h", "orders/*");
    const secret = (text: string, ...seenBy: string[]): string => {
      this.secrets.push({ text: `${text} of ${marker}`, seenBy });
      return `${text} of ${marker}`;
    };
    await this.#as(2).ok("POST", "/v1/events", {
      events: [
        { type: "order:shipped", topic: "orders/1", key: "state", data: { text: `order of ${marker}` } },
        { type: "order:shipped", topic: "bills/1", data: { text: secret("bill", owner, operator, agent) } },
        { type: "order:shipped", data: { text: secret("plain", owner, operator, agent) } },
        { type: "order:shipped", audience: { member: operatorId }, data: { text: secret("private", operator) } },
        { type: "order:shipped", topic: "orders/2", audience: { member: operatorId }, data: { text: secret("private order", operator) } },
      ],
    });
    await this.owner.ok("PUT", `/v1/event-types/order:${this.name}`, { schema: { description: marker } });
    this.credentials.push(customer);
  }

  async #furnish(server: Heliograph): Promise<void> {
    const { marker, ids } = this;
    this.credentials.push(await server.token(this.name, `owner ${marker}`, "owner", "4h"));
    const member = await this.owner.ok<{ id: string }>("POST", "/v1/members", { handle: `operator ${marker}`, role: "operator" });
    const { url } = await this.owner.ok<{ url: string }>("POST", `/v1/members/${member.id}/sign-in-link`);
    const code = url.slice(url.indexOf("code=") + "code=".length);
    const signedIn = await new Api(server.url, "").ok<{ token: string }>("POST", "/v1/sign-in", { code }, { origin: server.url });
    const scopes = ["approvals:create", "agents:write", "messages:write", "read", "events:publish"];
    const made = await this.owner.ok<{ key: { id: string }; secret: string }>("POST", "/v1/api-keys", { name: `agent ${marker}`, scopes });
    this.credentials.push(signedIn.token, made.secret);

    const agent = this.#as(2);
    for (let number = 0; number < 4; number++) {
      const approval = await agent.createApproval({
        title: `Refund ${number} of ${marker}?`,
        description: marker,
        reasoning: marker,
        tags: [marker],
        externalId: `external-${number}`,
        expiresIn: 86_400,
        metadata: { marker },
        action: { name: "refund", args: { marker } },
      });
      ids.approvals.push(approval.id);
      ids.agents.push(approval.agentId);
      const message = { role: "agent", kind: "text", text: `message ${number} of ${marker}` };
      await agent.ok("POST", `/v1/agents/${approval.agentId}/messages`, message);
    }
    await agent.ok("PUT", `/v1/agents/${ids.agents[0] ?? ""}`, { status: "working", statusText: marker, currentTask: marker, lease: { seconds: 86_400 } });
    const approvals = await this.owner.ok<{ data: Approval[]; nextCursor: string; asOf: string }>("GET", "/v1/approvals?limit=2");
    const events = await this.owner.ok<{ nextCursor: string }>("GET", "/v1/events?limit=3");
    ids.cursors.push(approvals.asOf, approvals.nextCursor, events.nextCursor);
    for (const [index, credential] of this.credentials.entries()) {
      const who = await new Api(server.url, credential).ok<{ credentialId: string }>("GET", "/v1/whoami");
      ids.tokens.push(who.credentialId);
      if (index === 2) break;
      const inbox = await new Api(server.url, credential).ok<{ data: { id: string }[] }>("GET", "/v1/notifications");
      ids.notifications.push(...inbox.data.map((notification) => notification.id));
    }
    await this.#publish(server, member.id);
    const members = await this.owner.ok<{ data: { id: string }[] }>("GET", "/v1/members");
    ids.members.push(...members.data.map((each) => each.id));
    ids.keys.push(made.key.id);
  }
}
