import type { EventType, HeliographEvent } from "@heliograph/client";
import { useEffect, useEffectEvent } from "react";
import { useLive } from "./provider.js";

/** Hears one type of event while mounted. The newest handler is called; it need not be stable. */
export function useEvent<T extends EventType>(type: T, handler: (event: HeliographEvent<T>) => void): void {
  const { client } = useLive();
  const onEvent = useEffectEvent(handler);
  useEffect(() => client.on(type, (event) => onEvent(event)), [client, type]);
}
