/** Where the cursor survives a reload of the page. */
export interface CursorMemory {
  load(): string | undefined;
  save(cursor: string): void;
}

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
