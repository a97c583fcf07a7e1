import { vi } from "vitest";

/** Repeats `check` until it holds. The bound only ends a test that has failed: a busy machine may take seconds. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 });
}
