import type { ReactNode } from "react";
import { useFormats } from "./formats.js";

/** An instant as a date and time of this computer's time zone. */
export function Instant({ at }: { readonly at: string }): ReactNode {
  const { dateTime } = useFormats();
  return <time dateTime={at}>{dateTime(at)}</time>;
}
