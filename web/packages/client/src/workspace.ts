import { checkShape } from "./check-shape.js";
import type { Actor, ActorCredential, LinkMaker, Subject } from "./contract.js";
import type { Shape } from "./shape.js";

/** What a member may do; each role may do what those behind it may. */
export const roles = ["owner", "admin", "operator", "viewer"] as const;
export type Role = (typeof roles)[number];

export interface Member {
  readonly id: string;
  /** Unique in the workspace, such as an e-mail address. */
  readonly handle: string;
  readonly name: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface NewMember {
  /** 1 to 200 characters, unique in the workspace, no space at its ends. */
  readonly handle: string;
  /** 1 to 200 characters; the handle when left out. */
  readonly name?: string;
  readonly role: Role;
}

/** What an API key may do. */
export const scopes = ["approvals:create", "agents:write", "messages:write", "read", "events:publish", "agents:act-as"] as const;
export type Scope = (typeof scopes)[number];

/** An API key without its secret. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Scopes of a newer server may be among them. */
  readonly scopes: readonly string[];
  /** Ids of agents of other keys for which it may act, or `*` alone for all. */
  readonly actAs?: readonly string[];
  /** Id of the member that made it; absent when the command line did. */
  readonly owner?: string;
  readonly signedInBy?: readonly LinkMaker[];
  /** Whose its agents are: its own id, or after a rotation that of the first of the keys that replaced one another. */
  readonly lineage: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

export interface NewApiKey {
  /** 1 to 200 characters. */
  readonly name: string;
  /** All but `agents:act-as` and `events:publish` when left out. */
  readonly scopes?: readonly Scope[];
  /** Exactly with the scope `agents:act-as`. */
  readonly actAs?: readonly string[];
  /** Seconds, 60 to 316224000; without it the key has no end. */
  readonly expiresIn?: number;
}

/** An API key as it was made. `secret` is its whole text; it is absent when the answer is that of a repeated request. */
export interface ShownApiKey {
  readonly key: ApiKey;
  readonly secret?: string;
}

/** A signed-in browser. */
export interface BrowserSession {
  readonly id: string;
  readonly member: { readonly id: string; readonly name: string };
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Who made the sign-in links that led to it, first link first; absent when the member signed in by itself. */
  readonly signedInBy?: readonly LinkMaker[];
  /** Whether it is the session of the token that asked. */
  readonly current: boolean;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly credential?: ActorCredential;
  /** Subject and verb, such as `approval.resolved`. */
  readonly action: string;
  readonly subject: Subject;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Which entries of the audit trail; all when empty. */
export interface AuditFilter {
  /** Id of a member, key or agent. */
  readonly actor?: string;
  readonly action?: string;
  /** Id of what the entry is about. */
  readonly subject?: string;
  /** Written then or later, RFC 3339. */
  readonly from?: string;
  /** Written before, RFC 3339. */
  readonly to?: string;
}

/** `jsonl` has one JSON object in each line. */
export type AuditFormat = "csv" | "jsonl";

interface Shapes {
  readonly Member: Member;
  readonly ApiKey: ApiKey;
  readonly ShownApiKey: ShownApiKey;
  readonly BrowserSession: BrowserSession;
  readonly AuditEntry: AuditEntry;
}

type ContractShape = Shape<"Actor" | "ActorCredential" | "LinkMaker" | "Subject">;

const apiKey: ContractShape = {
  id: "string",
  name: "string",
  scopes: ["list", "string"],
  "actAs?": ["list", "string"],
  "owner?": "string",
  "signedInBy?": ["list", "#LinkMaker"],
  lineage: "string",
  createdAt: "string",
  "expiresAt?": "string",
  "revokedAt?": "string",
};

const workspaceShapes: Readonly<Record<keyof Shapes, ContractShape>> = {
  Member: { id: "string", handle: "string", name: "string", role: ["enum", ...roles], createdAt: "string" },
  ApiKey: apiKey,
  ShownApiKey: { key: apiKey, "secret?": "string" },
  BrowserSession: {
    id: "string",
    member: { id: "string", name: "string" },
    createdAt: "string",
    expiresAt: "string",
    "signedInBy?": ["list", "#LinkMaker"],
    current: "boolean",
  },
  AuditEntry: { id: "string", at: "string", actor: "#Actor", "credential?": "#ActorCredential", action: "string", subject: "#Subject", detail: ["map", "json"] },
};

/** The value when it has the shape; throws ContractMismatch that names `what` and the field when it has not. */
export function parsed<N extends keyof Shapes>(value: unknown, name: N, what: string): Shapes[N] {
  checkShape(value, workspaceShapes[name], what);
  return value as Shapes[N];
}

/** The same, for each value of a list. */
export function parsedList<N extends keyof Shapes>(value: unknown, name: N, what: string): readonly Shapes[N][] {
  checkShape(value, ["list", workspaceShapes[name]], what);
  return value as readonly Shapes[N][];
}
