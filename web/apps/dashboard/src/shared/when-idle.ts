/** A browser without idle callbacks waits this long. Milliseconds. */
const DELAY = 300;

/** Calls back once when the page has nothing to do, for what is to be loaded ahead. Returns the undo. */
export function whenIdle(callback: () => void): () => void {
  if (typeof window.requestIdleCallback !== "function") {
    const timer = setTimeout(callback, DELAY);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(callback, { timeout: 2_000 });
  return () => window.cancelIdleCallback(handle);
}
