/** An instant as a `datetime-local` field has it, in this computer's time zone: `2026-11-30T09:15`; empty without one. */
export function localText(instant: string | undefined): string {
  if (instant === undefined) return "";
  const date = new Date(instant);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant of such a text, RFC 3339; undefined when it is none. */
export function instantOf(local: string): string | undefined {
  const date = new Date(local);
  return local === "" || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
