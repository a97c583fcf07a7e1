import { useEffect, useState, type RefObject } from "react";

/** Height of a line of arguments, for the number of lines that are left. Pixels. */
const LINE = 20;

export interface Reading {
  /** Whether the end of the part was on the screen. */
  readonly seen: boolean;
  /** Lines below what is visible now, about; 0 when the end is visible. */
  readonly linesBelow: number;
}

/**
 * Follows whether a part of a request was read to its end: its end was visible, within its pane and above what covers the bottom of the page. `covered` is that
 * element, and `end` an empty one right behind the part. Counts only while `complete`, and while the page itself is visible.
 */
export function useReading(complete: boolean, end: RefObject<HTMLElement | null>, covered: RefObject<HTMLElement | null>): Reading {
  const [seen, setSeen] = useState(false);
  const [linesBelow, setLinesBelow] = useState(0);
  useEffect(() => {
    const marker = end.current;
    if (!complete || marker === null) return undefined;
    const measure = () => {
      if (document.visibilityState === "hidden") return;
      const pane = marker.closest("article")?.parentElement?.getBoundingClientRect().bottom ?? Infinity;
      const bottom = Math.min(covered.current?.getBoundingClientRect().top ?? Infinity, pane, window.innerHeight);
      const below = marker.getBoundingClientRect().bottom - bottom;
      if (below <= 1) setSeen(true);
      setLinesBelow(below <= 1 ? 0 : Math.ceil(below / LINE));
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(marker.closest("article") ?? marker);
    if (covered.current !== null) resized.observe(covered.current);
    // Scrolling does not bubble, but is captured whichever element scrolls.
    document.addEventListener("scroll", measure, { capture: true, passive: true });
    window.addEventListener("resize", measure);
    document.addEventListener("visibilitychange", measure);
    return () => {
      resized.disconnect();
      document.removeEventListener("scroll", measure, { capture: true });
      window.removeEventListener("resize", measure);
      document.removeEventListener("visibilitychange", measure);
    };
  }, [complete, end, covered]);
  return { seen, linesBelow };
}
