/** From the largest; one of a unit is 1,000 of the next. */
const units = ["terabyte", "gigabyte", "megabyte", "kilobyte"] as const;

/** A number of bytes in the largest unit of which it has at least one, such as `1.2 GB`. */
export function bytesText(bytes: number, locale: string): string {
  const index = units.findIndex((_, at) => bytes >= 1_000 ** (units.length - at));
  const unit = units[index] ?? "byte";
  const value = index < 0 ? bytes : bytes / 1_000 ** (units.length - index);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 }).format(value);
}
