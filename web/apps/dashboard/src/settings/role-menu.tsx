import type { Role } from "@heliograph/client";
import { IconChevronDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import { grantable } from "./rights.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

interface RoleMenuProps {
  readonly label: string;
  readonly role: Role;
  readonly busy: boolean;
  readonly onChange: (role: Role) => void;
}

/** A member's role as a button that opens the roles it can have. A menu, so that the arrow keys change nothing. */
export function RoleMenu({ label, role, busy, onChange }: RoleMenuProps): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity } = useSession();
  const { opened, toggle, dismiss, root, button } = usePopup();
  return (
    <div ref={root} className={styles.roleMenu}>
      <button ref={button} type="button" className={styles.roleButton} aria-haspopup="menu" aria-expanded={opened} aria-label={`${label}: ${texts.roles[role]}`} aria-busy={busy} onClick={toggle}>
        {texts.roles[role]}
        <IconChevronDown size={14} aria-hidden />
      </button>
      {opened && (
        <PopupPanel role="menu" label={label} className={styles.rolePanel}>
          {grantable(identity.member.role).map((other) => (
            <MenuItem
              key={other}
              checked={{ of: "one", value: other === role }}
              onClick={() => {
                dismiss();
                onChange(other);
              }}
            >
              {texts.roles[other]}
              <span className={styles.hint}>{texts.roleTexts[other]}</span>
            </MenuItem>
          ))}
        </PopupPanel>
      )}
    </div>
  );
}
