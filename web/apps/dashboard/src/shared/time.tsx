import { ageText, useNow, useWebSocket } from "@heliograph/react";
import type { ReactNode } from "react";

/** How long ago something was, by the server's clock: `4 min ago`. */
export function Ago({ at }: { readonly at: string }): ReactNode {
  const now = useServerNow(15_000);
  const span = now - Date.parse(at);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {span < 5_000 ? "just now" : `${ageText(span)} ago`}
    </time>
  );
}

/** The server's clock, renewed every `period` milliseconds. */
export function useServerNow(period: number | null): number {
  const { connection } = useWebSocket();
  return useNow(period) + (connection.clockSkewMs ?? 0);
}
