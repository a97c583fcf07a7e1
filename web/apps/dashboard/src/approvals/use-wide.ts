import { useEffect, useState, type RefObject } from "react";

/** Width of a pane that has room for two columns of code. Pixels. */
const MIN_WIDTH = 900;

/** Whether the request's pane, in which the element is, has room for two columns. */
export function useWide(element: RefObject<HTMLElement | null>): boolean {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const pane = element.current?.closest("article");
    if (pane == null) return undefined;
    // Called for the first time as soon as the pane is observed.
    const resized = new ResizeObserver(() => setWide(pane.clientWidth >= MIN_WIDTH));
    resized.observe(pane);
    return () => resized.disconnect();
  }, [element]);
  return wide;
}
