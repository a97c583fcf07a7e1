import { createClient, SignInNeeded, type ConnectionSnapshot, type Credential } from "@heliograph/client";

/** How a browser's tabs share the connection: the shared worker holds it, one of the tabs does, or each has its own. */
export type Mode = "worker" | "lock" | "solo";

/** What a page of the client's own users would see, written down. Times are epoch milliseconds of this machine. */
export interface Probe {
  readonly arrivals: { readonly offset: number; readonly committedAt: number; readonly arrivedAt: number }[];
  readonly statuses: { readonly status: ConnectionSnapshot["status"]; readonly at: number }[];
  readonly resets: string[];
  /** Whether this page was taken out of the back/forward cache. */
  restored: boolean;
  snapshot(): ConnectionSnapshot;
  retryNow(): void;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

const settings = new URLSearchParams(location.hash.slice(1));
const mode = settings.get("mode") as Mode;

const client = createClient({
  scope: settings.get("scope") ?? "probe",
  url: settings.get("url") ?? "/",
  shareTabs: mode !== "solo",
  getToken: async () => {
    const response = await fetch("/token");
    if (response.status === 401) throw new SignInNeeded("the session has ended");
    if (!response.ok) throw new Error(`the token could not be fetched: ${response.status}`);
    return (await response.json()) as Credential;
  },
  ...(mode === "worker"
    ? { sharedWorker: (name: string) => new SharedWorker(new URL("./heliograph.worker.ts", import.meta.url), { type: "module", name }) }
    : {}),
});

const probe: Probe = {
  arrivals: [],
  statuses: [],
  resets: [],
  restored: false,
  snapshot: () => client.getState(),
  retryNow: () => client.retryNow(),
};
window.probe = probe;
window.addEventListener("pageshow", ({ persisted }) => (probe.restored ||= persisted));

const noteStatus = (): void => {
  const { status } = client.getState();
  if (probe.statuses.at(-1)?.status !== status) probe.statuses.push({ status, at: Date.now() });
};
client.onAny(({ offset, at }) => void probe.arrivals.push({ offset, committedAt: Date.parse(at), arrivedAt: Date.now() }));
client.on("agent:message", () => undefined); // widens what the server sends to all agents' messages
client.onReset((reason) => void probe.resets.push(reason));
client.subscribe(noteStatus);
noteStatus();
client.connect();
