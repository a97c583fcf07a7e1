import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";

/** One measured value beside what it should be at most. */
interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: number | undefined;
}

/** What was measured, in order, as a table. A missed budget is shown, and fails nothing: the machine may be a slow one. */
export class Figures {
  readonly #figures: Figure[] = [];

  add(name: string, value: number, unit: string, budget?: number): void {
    this.#figures.push({ name, value, unit, budget });
    console.log(line({ name, value, unit, budget }));
  }

  /** Writes the report; returns its text. */
  async write(file: string, browser: string): Promise<string> {
    const text = [
      `Measured on ${new Date().toISOString().slice(0, 10)} with Chromium ${browser}; the browser, the server and the load share ${cpus().length} cores.`,
      "",
      "| what | measured | budget |",
      "|---|---|---|",
      ...this.#figures.map(line),
      "",
    ].join("\n");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return text;
  }
}

function line({ name, value, unit, budget }: Figure): string {
  const shown = (number: number) => `${number.toLocaleString("en", { maximumFractionDigits: number < 10 ? 2 : 0 })} ${unit}`.trim();
  return `| ${name} | ${shown(value)} | ${budget === undefined ? "" : `${shown(budget)}${value > budget ? ", **missed**" : ""}`} |`;
}

/** The value below which a share of the values is; not a number when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
