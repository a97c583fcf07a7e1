import type { Page } from "playwright-core";

/** What a page notes about itself. Times are milliseconds since 1970, latencies milliseconds. */
interface Watched {
  /** From a key press or a click to the next frame, of those that took 16 ms or more. */
  readonly slow: number[];
  /** Key presses and clicks in all. */
  interactions: number;
  /** When the newest largest paint was, since the navigation began. */
  lcp: number;
  /** Between two frames, while `frames` is on. */
  readonly frames: number[];
  /** When each element that was waited for was painted, by its key. */
  readonly painted: Record<string, number>;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** Makes every page of the tab note its paints and interactions (Event Timing, Largest Contentful Paint). Call it before the page is opened. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { slow: [], interactions: 0, lcp: 0, frames: [], painted: {} };
    window.watched = watched;
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) watched.lcp = startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (["keydown", "pointerdown"].includes(entry.name)) watched.slow.push(entry.duration);
    }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
    for (const type of ["keydown", "pointerdown"]) addEventListener(type, () => (watched.interactions += 1), { capture: true, passive: true });
  });
}

/** From now on the page notes when an element with the attribute is painted first, by the attribute's value. */
export async function watchPaints(page: Page, attribute: string): Promise<void> {
  await page.evaluate((name) => {
    const { painted } = window.watched;
    const note = (element: Element) => {
      const key = element.getAttribute(name);
      if (key === null || key in painted) return;
      painted[key] = Number.NaN;
      // The frame after the one that paints it begins when it has been painted.
      requestAnimationFrame(() => requestAnimationFrame(() => (painted[key] = performance.timeOrigin + performance.now())));
    };
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue;
          note(node);
          node.querySelectorAll(`[${name}]`).forEach(note);
        }
      }
    }).observe(document.body, { subtree: true, childList: true });
  }, attribute);
}

/** When each was painted, of those that were. */
export async function paints(page: Page): Promise<Readonly<Record<string, number>>> {
  const all = await page.evaluate(() => window.watched.painted);
  return Object.fromEntries(Object.entries(all).filter(([, at]) => Number.isFinite(at)));
}

/** Latencies of the interactions since the last call; those that were faster than the browser reports count as 16 ms. */
export async function interactions(page: Page): Promise<number[]> {
  const { slow, count } = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300)); // entries come after the frame
    const { watched } = window;
    const taken = { slow: watched.slow.splice(0), count: watched.interactions };
    watched.interactions = 0;
    return taken;
  });
  return [...slow, ...Array.from({ length: Math.max(0, count - slow.length) }, () => 16)];
}
