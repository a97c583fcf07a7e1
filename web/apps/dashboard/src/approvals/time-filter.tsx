import { useState, type ReactNode, type SubmitEvent } from "react";
import { useTexts } from "../shared/language.js";
import { filterTexts } from "./filter-texts.js";
import { periods, type Filters } from "./view.js";
import styles from "./filter-bar.module.css";

interface TimeFilterProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  readonly onDone: () => void;
}

/** When requests were made: a period that ends now, or from and to a time of this computer's time zone. */
export function TimeFilter({ filters, onChange, onDone }: TimeFilterProps): ReactNode {
  const texts = useTexts(filterTexts);
  const [from, setFrom] = useState(() => localText(filters.from));
  const [to, setTo] = useState(() => localText(filters.to));
  const set = (time: Pick<Filters, "period" | "from" | "to">) => {
    onDone();
    onChange({ ...filters, period: undefined, from: undefined, to: undefined, ...time });
  };
  const range = { from: instantOf(from), to: instantOf(to) };
  const reversed = range.from !== undefined && range.to !== undefined && range.from >= range.to;
  const empty = range.from === undefined && range.to === undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!reversed && !empty) set(range);
  };
  return (
    <div className={styles.time}>
      <div className={styles.periods}>
        {periods.map((period) => (
          <button key={period} type="button" aria-pressed={filters.period === period} onClick={() => set({ period: filters.period === period ? undefined : period })}>
            {texts.periods[period]}
          </button>
        ))}
      </div>
      <form onSubmit={submit}>
        <label>
          {texts.from}
          <input type="datetime-local" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        </label>
        <label>
          {texts.to}
          <input type="datetime-local" value={to} onChange={(event) => setTo(event.currentTarget.value)} aria-invalid={reversed} aria-describedby={reversed ? "time-filter-error" : undefined} />
        </label>
        {reversed && (
          <p id="time-filter-error" className={styles.error} role="alert">
            {texts.reversed}
          </p>
        )}
        <button type="submit" disabled={reversed || empty}>
          {texts.apply}
        </button>
      </form>
    </div>
  );
}

/** A time as the field has it, in this computer's time zone: `2026-11-30T09:15`. */
function localText(instant: string | undefined): string {
  if (instant === undefined) return "";
  const date = new Date(instant);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function instantOf(local: string): string | undefined {
  const date = new Date(local);
  return local === "" || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
