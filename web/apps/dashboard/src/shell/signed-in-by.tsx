import { IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { linkMakersText } from "../session/link-makers.js";
import { useSession } from "../session/session-context.js";
import styles from "./shell.module.css";

/** Says that somebody else made the link that signed this browser in, for as long as it is so. */
export function SignedInBy(): ReactNode {
  const makers = useSession().identity.session.signedInBy;
  if (makers === undefined) return null;
  return (
    <p className={styles.notice} data-testid="signed-in-by">
      <IconLink size={16} stroke={1.7} aria-hidden />
      <span>You were signed in by a link that {linkMakersText(makers)} made. What you do here says so.</span>
    </p>
  );
}
