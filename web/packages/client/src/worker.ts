import { createHub, type HubSettings } from "./hub-factory.js";
import { TabBus } from "./tab-bus.js";
import type { TabHub } from "./tab-hub.js";
import { namesOf } from "./tab-messages.js";
import { browserTabs } from "./tab-platform.js";

/** The part of SharedWorkerGlobalScope that is used here; the DOM's types do not have it. */
interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

/** Messages between a tab and the worker over the worker's port; all others go over the bus. */
export type WorkerMessage = { readonly type: "serve"; readonly settings: HubSettings } | { readonly type: "queued" } | { readonly type: "unable" };

/**
 * Makes this SharedWorker hold the connection that the tabs share. Call it in the worker's own file:
 *
 *     import { serveTabs } from "@heliograph/client/worker";
 *     serveTabs();
 */
export function serveTabs(scope: WorkerScope = globalThis as unknown as WorkerScope): void {
  let queued: Promise<boolean> | undefined;
  scope.onconnect = ({ ports: [port] }) => {
    if (port === undefined) return;
    port.onmessage = ({ data }) => {
      const message = data as WorkerMessage;
      if (message.type !== "serve") return;
      queued ??= lead(message.settings);
      void queued.then((able) => port.postMessage({ type: able ? "queued" : "unable" } satisfies WorkerMessage));
    };
  };
}

/** Queues for the leader's lock, and runs the hub while it holds it; resolves when the request is queued. */
async function lead(settings: HubSettings): Promise<boolean> {
  const platform = browserTabs();
  if (platform === undefined) return false;
  const names = namesOf(settings.scope);
  const wait = async () => {
    for (;;) {
      const held = await platform.locks.hold(names.leader, { signal: new AbortController().signal });
      const bus = new TabBus(platform.channel(names.channel));
      const hub: TabHub = createHub({ settings, bus, platform, visible: () => true });
      void hub.start();
      await held.lost;
      hub.close();
      bus.close();
    }
  };
  void wait();
  // Answered after the request above was taken in, because both go the same way.
  await platform.locks.held(names.leader);
  return true;
}
