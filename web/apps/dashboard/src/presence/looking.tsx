import { useLooking, usePresence } from "@heliograph/react";
import { IconEye } from "@tabler/icons-react";
import { Fragment, Suspense, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { presenceTexts } from "./texts.js";
import styles from "./presence.module.css";

/** So many names are written out. */
const MAX_NAMES = 3;

/** Who else looks at the request. While it is shown, the others see this member there. */
export function Looking({ approvalId }: { readonly approvalId: string }): ReactNode {
  useLooking(approvalId);
  return (
    <Suspense fallback={null}>
      <Others approvalId={approvalId} />
    </Suspense>
  );
}

function Others({ approvalId }: { readonly approvalId: string }): ReactNode {
  const texts = useTexts(presenceTexts);
  const others = usePresence().lookingAt(approvalId);
  if (others.length === 0) return null;
  const rest = others.length - MAX_NAMES;
  return (
    <p className={styles.looking} data-testid="looking">
      <IconEye size={16} stroke={1.8} aria-hidden />{" "}
      <span>
        {others.slice(0, MAX_NAMES).map(({ id, name }, index) => (
          <Fragment key={id}>
            {index > 0 && ", "}
            <AgentText text={name} kind="name" />
          </Fragment>
        ))}{" "}
        {rest > 0 && `${texts.andOthers(rest)} `}
        {others.length === 1 ? texts.isLooking : texts.areLooking}
      </span>
    </p>
  );
}
