import { IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LinkMakers } from "../session/link-makers.js";
import { useSession } from "../session/session-context.js";
import styles from "./shell.module.css";

/** Shown while the session was opened by a sign-in link of another member. */
export function SignedInBy(): ReactNode {
  const makers = useSession().identity.session.signedInBy;
  if (makers === undefined) return null;
  return (
    <p className={styles.notice} data-testid="signed-in-by">
      <IconLink size={16} stroke={1.7} aria-hidden />
      <span>
        You were signed in by a link that <LinkMakers makers={makers} /> made. Your actions are marked with it.
      </span>
    </p>
  );
}
