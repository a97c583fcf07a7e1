/** What a browser reports about its network and about the page's visibility. */
export type BrowserSignal = "network_up" | "network_down" | "resumed" | "page_hidden" | "page_shown";

/** Source of browser signals. `listen` returns a function that ends the subscription. */
export interface BrowserSignals {
  networkDown(): boolean;
  listen(listener: (signal: BrowserSignal) => void): () => void;
}

/** Signals of the page: network, visibility and back/forward cache. None where there is no window. */
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
    // The other tabs learn at once that a page is left. In the back/forward cache it has no connection; it reconnects when it is shown.
    on(window, "pagehide", () => listener("page_hidden"));
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

/** Calls the listener when the page is shown or hidden, and with true when it comes to the front. */
export function onPageFocus(listener: (focused: boolean) => void): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => undefined;
  const stop = new AbortController();
  document.addEventListener("visibilitychange", () => listener(document.visibilityState === "visible"), { signal: stop.signal });
  window.addEventListener("focus", () => listener(true), { signal: stop.signal });
  return () => stop.abort();
}

export function onPageVisible(listener: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
