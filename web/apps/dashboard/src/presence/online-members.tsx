import { usePresence } from "@heliograph/react";
import { IconUsers } from "@tabler/icons-react";
import { Suspense, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { presenceTexts } from "./texts.js";
import styles from "./presence.module.css";

/** How many other members are online, and their names; nothing when nobody else is. */
export function OnlineMembers(): ReactNode {
  return (
    <Suspense fallback={null}>
      <Members />
    </Suspense>
  );
}

function Members(): ReactNode {
  const texts = useTexts(presenceTexts);
  const { number } = useFormats();
  const { others, truncated } = usePresence();
  const { opened, toggle, root, button } = usePopup();
  if (others.length === 0) return null;
  return (
    <div ref={root} className={styles.members}>
      <button
        ref={button}
        type="button"
        className={styles.button}
        data-testid="online-members"
        aria-label={texts.online(others.length)}
        aria-haspopup="dialog"
        aria-expanded={opened}
        onClick={toggle}
      >
        <IconUsers size={18} stroke={1.7} aria-hidden />
        {number(others.length)}
      </button>
      {opened && (
        <PopupPanel role="dialog" label={texts.title} className={styles.panel}>
          <h2 className={styles.title}>{texts.title}</h2>
          <ul className={styles.list}>
            {others.map(({ id, name, approvalId }) => (
              <li key={id}>
                <AgentText text={name} kind="name" />
                {approvalId !== undefined && <span className={styles.where}>{texts.looking}</span>}
              </li>
            ))}
          </ul>
          {truncated && <p className={styles.where}>{texts.truncated}</p>}
        </PopupPanel>
      )}
    </div>
  );
}
