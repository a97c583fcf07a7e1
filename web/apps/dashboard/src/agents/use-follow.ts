import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** The reader is at the end again within this distance from it. Pixels. */
const END = 48;
/** Earlier messages are loaded within this distance from the beginning. Pixels. */
const NEAR_TOP = 400;

export interface Follow {
  /** Whether the newest message stays in view. */
  readonly following: boolean;
  /** Of the element that scrolls, of all that is in it, and of the messages. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<HTMLOListElement | null>;
  /** To be called when the element scrolls. Returns whether the reader came near to the beginning. */
  readonly onScroll: () => boolean;
  /** Shows the end, and stays there. */
  readonly toEnd: () => void;
}

/** Where the reader is. Owned by the effects and handlers of one `useFollow`. */
interface Place {
  following: boolean;
  /** Where the element was scrolled to when that was last known: less than this is a move of the reader towards the beginning. */
  top: number;
  /** The first message in view, and its distance from the upper edge. */
  anchor: { readonly element: Element; readonly offset: number } | undefined;
}

/**
 * Keeps the place of a reader in a log that grows at both ends. At the end, the newest message stays in view. Elsewhere the first message
 * in view stays where it is, whatever is added, removed or grows above it. Only a move of the reader changes between the two. Nothing is
 * animated.
 */
export function useFollow(): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const place = useRef<Place>({ following: true, top: 0, anchor: undefined });
  const [following, setFollowing] = useState(true);

  // After each render, before it is painted.
  useLayoutEffect(() => settle(scroller.current, place.current));

  // What changes its height without a render: a window, or a text that is laid out later.
  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (box === null || inner === null) return undefined;
    const resized = new ResizeObserver(() => settle(box, place.current));
    resized.observe(box);
    resized.observe(inner);
    return () => resized.disconnect();
  }, []);

  const follow = (wanted: boolean) => {
    place.current.following = wanted;
    setFollowing(wanted);
  };
  return {
    following,
    scroller,
    content,
    list,
    onScroll: () => {
      const box = scroller.current;
      if (box === null) return false;
      const movedUp = box.scrollTop < place.current.top;
      const left = box.scrollHeight - box.scrollTop - box.clientHeight;
      place.current.top = box.scrollTop;
      // At the end itself the element has become lower: that is no move of the reader.
      if (movedUp && left > 1) follow(false);
      else if (!movedUp && left < END) follow(true);
      place.current.anchor = anchorOf(box, list.current);
      return movedUp && box.scrollTop < NEAR_TOP;
    },
    toEnd: () => {
      follow(true);
      settle(scroller.current, place.current);
    },
  };
}

function settle(box: HTMLElement | null, place: Place): void {
  if (box === null) return;
  if (place.following) box.scrollTop = box.scrollHeight;
  else if (place.anchor?.element.isConnected === true) box.scrollTop += offsetIn(box, place.anchor.element) - place.anchor.offset;
  place.top = box.scrollTop;
}

/** The first message whose end is in view or below, found by halving: each is below the one before. */
function anchorOf(box: HTMLElement, list: HTMLElement | null): Place["anchor"] {
  const items = list?.children;
  if (items === undefined) return undefined;
  const edge = box.getBoundingClientRect().top;
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
    else low = middle + 1;
  }
  const element = items[low];
  return element === undefined ? undefined : { element, offset: offsetIn(box, element) };
}

function offsetIn(box: HTMLElement, element: Element): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top;
}
