"use client";

import type { CustomEventType, CustomName, EventOf, EventType } from "@heliograph/client";
import { useEffect, useInsertionEffect, useRef } from "react";
import { useLive } from "./provider.js";

/**
 * Subscribes to one type of event while mounted: Heliograph's, or one of your own (`CustomEvents` of `@heliograph/client` has the types of
 * their data). The latest handler is called; it need not be memoized.
 */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- CustomEventType is filled where the package is used
export function useEvent<T extends EventType | CustomEventType>(type: T, handler: (event: EventOf<T>) => void): void;
export function useEvent<T extends string>(type: CustomName<T>, handler: (event: EventOf<T>) => void): void;
export function useEvent(type: string, handler: (event: never) => void): void {
  const { client } = useLive();
  // React's useEffectEvent, which 18 does not have.
  const latest = useRef(handler);
  useInsertionEffect(() => {
    latest.current = handler;
  });
  useEffect(() => client.on(type as EventType, (event) => latest.current(event as never)), [client, type]);
}
