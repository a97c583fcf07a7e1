import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { useDebouncedCallback } from "@mantine/hooks";

export interface Announcer {
  /** Announced when the screen reader is idle; of several messages only the last. */
  readonly polite: (text: string) => void;
  /** Announced at once. Only for a failed decision, the end of the session and a new critical request. */
  readonly assertive: (text: string) => void;
}

const AnnouncerContext = createContext<Announcer>({ polite: () => undefined, assertive: () => undefined });

/** The live regions for screen readers. */
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
