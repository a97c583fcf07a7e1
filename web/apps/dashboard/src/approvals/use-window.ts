import { useEffect, useState, type RefObject } from "react";

/** Rows that are mounted above and below those that are visible. */
const OVERSCAN = 8;

/** Indexes of the first row that is to be mounted and of the one behind the last. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** The rows of a list that are near to what `scroller` shows. Each row, with its gap, is `pitch` pixels high. */
export function useWindow(scroller: RefObject<HTMLElement | null>, count: number, pitch: number): RowWindow {
  const [visible, setVisible] = useState<RowWindow>({ first: 0, end: 30 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => {
      // A list that is not shown, beside a request on a narrow screen, has no height.
      const height = element.clientHeight === 0 ? window.innerHeight : element.clientHeight;
      const first = Math.floor(element.scrollTop / pitch);
      const end = Math.ceil((element.scrollTop + height) / pitch);
      setVisible((known) => (known.first === first && known.end === end ? known : { first, end }));
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [scroller, pitch]);
  // The list may have become shorter than where it was scrolled to.
  const first = Math.max(0, Math.min(visible.first, count - (visible.end - visible.first)) - OVERSCAN);
  return { first, end: Math.min(count, visible.end + OVERSCAN) };
}

/** The indexes to mount, in order: those of the window, and some rows that stay mounted wherever they are. */
export function mountedRows({ first, end }: RowWindow, kept: readonly number[]): readonly number[] {
  const outside = kept.filter((index) => index >= 0 && (index < first || index >= end));
  const inside = Array.from({ length: end - first }, (_, at) => first + at);
  return [...new Set([...outside, ...inside])].sort((a, b) => a - b);
}
