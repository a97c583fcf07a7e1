import type { CursorMemory, Surrounding } from "./connection.js";

/** Remembers the cursor in this tab's sessionStorage under a name of its own; forgets when there is none. */
export function sessionMemory(name: string): CursorMemory {
  return {
    load() {
      try {
        return globalThis.sessionStorage.getItem(name) ?? undefined;
      } catch {
        return undefined; // storage is switched off, or there is none: the lists are loaded anew
      }
    },
    save(cursor) {
      try {
        globalThis.sessionStorage.setItem(name, cursor);
      } catch {
        // full or switched off: the next load begins at the head
      }
    },
  };
}

export const noMemory: CursorMemory = { load: () => undefined, save: () => undefined };

/** Hears the browser's network, visibility and page cache; hears nothing where there is no window. */
export const pageSurrounding: Surrounding = {
  networkDown: () => typeof navigator !== "undefined" && !navigator.onLine,
  listen(hear) {
    if (typeof window === "undefined") return () => undefined;
    const stop = new AbortController();
    const on = (target: EventTarget, type: string, listener: (event: Event) => void) =>
      target.addEventListener(type, listener, { signal: stop.signal });
    on(window, "online", () => hear("network_up"));
    on(window, "offline", () => hear("network_down"));
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") hear("woke");
    });
    // A page with an open WebSocket is not kept in the back/forward cache: let go when it is put there, come back when it is shown.
    on(window, "pagehide", (event) => {
      if ((event as PageTransitionEvent).persisted) hear("hidden_away");
    });
    on(window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) hear("came_back");
    });
    on(document, "resume", () => hear("woke"));
    return () => stop.abort();
  },
};

export function pageVisible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}

export function onPageVisible(hear: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  document.addEventListener("visibilitychange", hear);
  return () => document.removeEventListener("visibilitychange", hear);
}
