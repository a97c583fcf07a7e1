import { ApiProblem, createClient, SignInNeeded, Unreachable, type Credential, type HeliographClient, type LinkMaker } from "@heliograph/client";

type Role = "owner" | "admin" | "operator" | "viewer";

/** A member of a workspace. */
export interface Account {
  readonly member: { readonly id: string; readonly name: string; readonly role: Role };
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string };
}

/** The member that is signed in, its workspace and session. */
export interface Identity extends Account {
  readonly session: {
    readonly id: string;
    /** The members that made the sign-in links that led to this session, first link first; absent when the member signed in by itself. */
    readonly signedInBy?: readonly LinkMaker[];
  };
}

/** The browser's session with a token of it. */
export interface SignedIn extends Identity, Credential {
  readonly expiresAt: string;
}

/** The member that a sign-in link signs in. */
export interface SignInPreview {
  readonly workspace: Account["workspace"];
  readonly member: Account["member"] & { readonly handle: string };
  /** The members that made the link, as in {@link Identity}. */
  readonly madeBy?: readonly LinkMaker[];
  readonly expiresAt: string;
  /** The member that is signed in with this browser now. */
  readonly signedInAs?: Account;
}

export interface Session {
  readonly identity: Identity;
  readonly client: HeliographClient;
}

/** Reads which member a sign-in link's code signs in; does not use the code up. Rejects with the server's problem when the link does not work. */
export function previewCode(code: string): Promise<SignInPreview> {
  return post<SignInPreview>("/v1/sign-in/preview", { code });
}

/** Uses a sign-in link's code; replaces the session that the browser holds. Rejects with the server's problem. */
export function signInByCode(code: string): Promise<SignedIn> {
  return post<SignedIn>("/v1/sign-in", { code });
}

/** The session that the browser holds; undefined when it holds none. */
export async function currentSession(): Promise<SignedIn | undefined> {
  try {
    return await post<SignedIn>("/v1/session/token");
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined;
    throw error;
  }
}

export async function signOut(session: Session): Promise<void> {
  session.client.signOut();
  await fetch("/v1/session", { method: "DELETE", credentials: "same-origin" });
}

/** Signs out and shows the sign-in page. */
export function leave(session: Session): void {
  void signOut(session).finally(() => location.assign("/sign-in"));
}

export function mayDecide(identity: Identity): boolean {
  return identity.member.role !== "viewer";
}

/** Whether members, API keys, other members' sessions and the activity are for this member. The server decides; this says what is offered. */
export function mayAdminister({ member }: Identity): boolean {
  return member.role === "owner" || member.role === "admin";
}

/** Creates the client of the member that is signed in. */
export function openSession(first: SignedIn): Session {
  let unused: Credential | undefined = first;
  const getToken = async (): Promise<Credential> => {
    const held = unused;
    unused = undefined;
    if (held !== undefined) return held;
    const next = await post<SignedIn>("/v1/session/token");
    if (!sameIdentity(next, first)) {
      // Another member signed in with this browser, or by another member's link: this page shows the wrong account.
      location.reload();
      throw new SignInNeeded("another member has signed in");
    }
    return next;
  };
  const sharedWorker = (name: string) => new SharedWorker(new URL("./heliograph.worker.ts", import.meta.url), { type: "module", name });
  const client = createClient({ getToken, sharedWorker, scope: `${first.workspace.id}/${first.member.id}` });
  return { identity: { member: first.member, workspace: first.workspace, session: first.session }, client };
}

function sameIdentity(one: Identity, other: Identity): boolean {
  const makers = ({ session }: Identity) => (session.signedInBy ?? []).map(({ id }) => id).join();
  return one.member.id === other.member.id && one.workspace.id === other.workspace.id && makers(one) === makers(other);
}

async function post<T>(path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method: "POST", credentials: "same-origin" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request).catch((cause: unknown) => {
    throw new Unreachable("The server cannot be reached.", { cause });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiProblem(response.status, answer);
  return answer as T;
}
