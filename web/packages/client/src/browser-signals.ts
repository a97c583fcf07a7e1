/** What a browser reports about its network and about the page's visibility. */
export type BrowserSignal = "network_up" | "network_down" | "resumed" | "page_hidden" | "page_shown";

/** What the page around the connection says. Each `on…` returns its undo. */
export interface BrowserSignals {
  networkDown(): boolean;
  listen(listener: (signal: BrowserSignal) => void): () => void;
}

/** Hears the browser's network, visibility and page cache; hears nothing where there is no window. */
export const pageSignals: BrowserSignals = {
  networkDown: () => typeof navigator !== "undefined" && !navigator.onLine,
  listen(listener) {
    if (typeof window === "undefined") return () => undefined;
    const stop = new AbortController();
    const on = (target: EventTarget, type: string, listener: (event: Event) => void) =>
      target.addEventListener(type, listener, { signal: stop.signal });
    on(window, "online", () => listener("network_up"));
    on(window, "offline", () => listener("network_down"));
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") listener("resumed");
    });
    // A page with an open WebSocket is not kept in the back/forward cache: let go when it is put there, come back when it is shown.
    on(window, "pagehide", (event) => {
      if ((event as PageTransitionEvent).persisted) listener("page_hidden");
    });
    on(window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) listener("page_shown");
    });
    on(document, "resume", () => listener("resumed"));
    return () => stop.abort();
  },
};

export function pageVisible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}

export function onPageVisible(listener: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
