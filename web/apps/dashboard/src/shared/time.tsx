import { useNow, useWebSocket } from "@heliograph/react";
import type { ReactNode } from "react";
import { useFormats } from "./formats.js";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";

/** How long ago something was, by the server's clock: `4 min ago`. */
export function Ago({ at }: { readonly at: string }): ReactNode {
  const texts = useTexts(sharedTexts);
  const { exactTime, span: spanText } = useFormats();
  const now = useServerNow(15_000);
  const span = now - Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {span < 5_000 ? texts.justNow : texts.ago(spanText(span))}
    </time>
  );
}

/** The server's clock, renewed every `period` milliseconds. */
export function useServerNow(period: number | null): number {
  const { connection } = useWebSocket();
  return useNow(period) + (connection.clockSkewMs ?? 0);
}
