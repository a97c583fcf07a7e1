/** An observable value. `getState()` returns the same object until something changes. */
export interface Readable<T> {
  readonly getState: () => T;
  /** Calls `listener` after each change; returns a function that ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
}

export class Store<T> implements Readable<T> {
  #state: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#state = initial;
  }

  getState = (): T => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  };

  set(next: T): void {
    if (Object.is(next, this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }
}
