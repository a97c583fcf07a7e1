import { ApiProblem, createClient, SignInNeeded, Unreachable, type Credential, type HeliographClient } from "@heliograph/client";

/** Who is signed in, where. */
export interface Identity {
  readonly member: { readonly id: string; readonly name: string; readonly role: "owner" | "admin" | "operator" | "viewer" };
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string };
}

interface SignedIn extends Identity, Credential {
  readonly expiresAt: string;
}

export interface Session {
  readonly identity: Identity;
  readonly client: HeliographClient;
}

/** Spends a sign-in link's code. Rejects with the server's problem when the link does not work any more. */
export async function signInByCode(code: string): Promise<Session> {
  return open(await post("/v1/sign-in", { code }));
}

/** Goes on with the session that the browser holds; undefined when it holds none. */
export async function resume(): Promise<Session | undefined> {
  try {
    return open(await post("/v1/session/token"));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined;
    throw error;
  }
}

export async function signOut(session: Session): Promise<void> {
  session.client.signOut();
  await fetch("/v1/session", { method: "DELETE", credentials: "same-origin" });
}

export function mayDecide(identity: Identity): boolean {
  return identity.member.role !== "viewer";
}

function open(first: SignedIn): Session {
  let unused: Credential | undefined = first;
  const getToken = async (): Promise<Credential> => {
    const held = unused;
    unused = undefined;
    if (held !== undefined) return held;
    const next = await post("/v1/session/token");
    if (next.member.id !== first.member.id || next.workspace.id !== first.workspace.id) {
      // Somebody else signed in with this browser: nothing of this page is theirs.
      location.reload();
      throw new SignInNeeded("another member has signed in");
    }
    return next;
  };
  const sharedWorker = (name: string) => new SharedWorker(new URL("./heliograph.worker.ts", import.meta.url), { type: "module", name });
  const client = createClient({ getToken, sharedWorker, scope: `${first.workspace.id}/${first.member.id}` });
  return { identity: { member: first.member, workspace: first.workspace }, client };
}

async function post(path: string, body?: unknown): Promise<SignedIn> {
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
  return answer as SignedIn;
}
