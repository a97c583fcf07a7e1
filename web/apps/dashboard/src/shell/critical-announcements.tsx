import { isType } from "@heliograph/client";
import { useEffect } from "react";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { criticalTexts } from "./critical-texts.js";

/** Characters of a title that are read out. */
const MAX_TITLE = 120;

/** Tells screen readers at once of critical requests that arrive live, those that arrive together in one sentence. Renders nothing. */
export function CriticalAnnouncements(): null {
  const texts = useTexts(criticalTexts);
  const { client } = useSession();
  const { assertive } = useAnnouncer();
  useEffect(
    () =>
      client.onBatch(({ events, replayed }) => {
        if (replayed) return;
        const titles = events.flatMap((event) => (isType(event, "approval:created") && event.data.approval.risk === "critical" ? [event.data.approval.title] : []));
        const [title] = titles;
        if (title === undefined) return;
        assertive(titles.length === 1 ? texts.one(markedText(title.slice(0, MAX_TITLE), "line")) : texts.several(titles.length));
      }),
    [client, assertive, texts],
  );
  return null;
}
