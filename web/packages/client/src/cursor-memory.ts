/** Keeps the cursor across reloads of the page. */
export interface CursorMemory {
  load(): string | undefined;
  save(cursor: string): void;
}

/** Keeps the cursor in the tab's sessionStorage; keeps nothing where that is not available. */
export function sessionMemory(name: string): CursorMemory {
  return {
    load() {
      try {
        return globalThis.sessionStorage.getItem(name) ?? undefined;
      } catch {
        return undefined; // no storage, or switched off: the lists are loaded again
      }
    },
    save(cursor) {
      try {
        globalThis.sessionStorage.setItem(name, cursor);
      } catch {
        // full or switched off: the next page load starts at the head
      }
    },
  };
}

export const noMemory: CursorMemory = { load: () => undefined, save: () => undefined };
