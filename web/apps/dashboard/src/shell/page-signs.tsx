import type { ApprovalsState } from "@heliograph/react";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { sharedTexts } from "../shared/texts.js";
import { useServerNow } from "../shared/time.js";
import { showBadge, showDot } from "./page-icons.js";
import { screenAt } from "./screens.js";
import { shellTexts } from "./texts.js";

/**
 * Shows the pending requests outside of the page: their number in the title (`(3) Approvals · Heliograph`, and `(3!)` when one is critical)
 * and as the badge of the installed app, and a dot on the icon while nobody has claimed one of them. Renders nothing.
 */
export function PageSigns({ pending: { counts, approvals } }: { readonly pending: ApprovalsState }): null {
  const { screens } = useTexts(shellTexts);
  const { notFound } = useTexts(sharedTexts);
  const { number } = useFormats();
  const [location] = useLocation();
  const now = useServerNow(15_000);
  const { pending = 0, critical = 0 } = counts ?? {};
  const screen = screenAt(location);
  const mark = pending === 0 ? "" : `(${number(pending)}${critical > 0 ? "!" : ""}) `;
  const title = `${mark}${screen === undefined ? notFound : screens[screen.name]} · Heliograph`;
  // Requests that are not loaded count as not claimed.
  const claimed = approvals.filter(({ status, claim }) => status === "pending" && claim !== undefined && Date.parse(claim.until) > now).length;
  const unclaimed = pending > claimed;

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => showDot(unclaimed), [unclaimed]);
  useEffect(() => showBadge(pending), [pending]);
  useEffect(
    () => () => {
      document.title = "Heliograph";
      showDot(false);
      showBadge(0);
    },
    [],
  );
  return null;
}
