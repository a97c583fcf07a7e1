import { IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LinkMakers } from "../session/link-makers.js";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { shellTexts } from "./texts.js";
import styles from "./shell.module.css";

/** Shown while the session was opened by a sign-in link of another member. */
export function SignedInBy(): ReactNode {
  const texts = useTexts(shellTexts);
  const makers = useSession().identity.session.signedInBy;
  if (makers === undefined) return null;
  return (
    <aside className={styles.notice} aria-label={texts.session} data-testid="signed-in-by">
      <IconLink size={16} stroke={1.7} aria-hidden />
      <span>{texts.signedInBy(<LinkMakers makers={makers} />)}</span>
    </aside>
  );
}
