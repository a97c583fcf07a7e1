import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { useDebouncedCallback } from "@mantine/hooks";

export interface Announcer {
  /** Says it when a moment of quiet comes; only the newest of several is said. */
  readonly polite: (text: string) => void;
  /** Says it at once. For a decision that failed and a session that ended, nothing else. */
  readonly assertive: (text: string) => void;
}

const AnnouncerContext = createContext<Announcer>({ polite: () => undefined, assertive: () => undefined });

/** The one place that speaks to screen readers. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [polite, setPolite] = useState("");
  const [assertive, setAssertive] = useState("");
  const debounced = useDebouncedCallback(setPolite, 700);
  const announcer = useMemo(() => ({ polite: debounced, assertive: setAssertive }), [debounced]);
  return (
    <AnnouncerContext value={announcer}>
      {children}
      <div className="visually-hidden" aria-live="polite" data-testid="announcer">
        {polite}
      </div>
      <div className="visually-hidden" aria-live="assertive">
        {assertive}
      </div>
    </AnnouncerContext>
  );
}

export function useAnnouncer(): Announcer {
  return use(AnnouncerContext);
}
