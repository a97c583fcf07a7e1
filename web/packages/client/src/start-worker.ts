import type { HubSettings } from "./hub-factory.js";
import { namesOf } from "./tab-messages.js";
import type { Timing } from "./timing.js";
import type { WorkerMessage } from "./worker.js";

/** A worker that does not queue for the lock within this is not waited for; a tab leads instead. Milliseconds. */
const QUEUE_TIMEOUT = 1_500;

/** Starts the shared worker, or finds it running; resolves, once it queues for the lock, to a function that releases it. */
export function startWorker(make: (name: string) => SharedWorker, settings: HubSettings, timing: Timing): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const worker = make(namesOf(settings.scope).worker);
    const { port } = worker;
    const disarm = timing.after(QUEUE_TIMEOUT, () => reject(new Error("the shared worker does not answer: its file has to call serveTabs()")));
    const fail = (reason: string) => {
      disarm();
      reject(new Error(reason));
    };
    worker.onerror = () => fail("the shared worker did not start: its file has to be JavaScript of the page's own origin");
    port.onmessage = ({ data }) => {
      const message = data as WorkerMessage;
      if (message.type === "unable") fail("the shared worker has no locks");
      if (message.type !== "queued") return;
      disarm();
      resolve(() => port.close());
    };
    port.postMessage({ type: "serve", settings } satisfies WorkerMessage);
  });
}
