import type { EventType, HeliographEvent } from "@heliograph/client";
import { useEffect, useEffectEvent } from "react";
import { useLive } from "./provider.js";

/** Subscribes to one type of event while mounted. The latest handler is called; it need not be memoized. */
export function useEvent<T extends EventType>(type: T, handler: (event: HeliographEvent<T>) => void): void {
  const { client } = useLive();
  const onEvent = useEffectEvent(handler);
  useEffect(() => client.on(type, (event) => onEvent(event)), [client, type]);
}
