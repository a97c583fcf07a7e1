import { lazy, type ComponentType, type LazyExoticComponent } from "react";

/** The code of a part of the page could not be loaded: no network, or a new version of the dashboard has replaced the file. */
export class PartNotLoaded extends Error {}

export interface LazyPart<P> {
  readonly Part: LazyExoticComponent<ComponentType<P>>;
  /** Loads the code before it is shown. A failure is ignored: it shows when the part does. */
  readonly preload: () => void;
}

/** A component whose code is loaded when it is first shown. Put it into a Suspense and a Boundary, which says when the code cannot be loaded. */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyPart<P> {
  let loading: Promise<ComponentType<P>> | undefined;
  const once = () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new PartNotLoaded("a part of the page could not be loaded", { cause });
    });
    return loading;
  };
  return {
    Part: lazy(async () => ({ default: await once() })),
    preload: () => void once().catch(() => undefined),
  };
}
