import { TextInput } from "@mantine/core";
import { IconArrowsSort, IconSearch } from "@tabler/icons-react";
import { useRef, type ReactNode } from "react";
import { useShortcuts } from "../shared/keyboard.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import type { ViewControls } from "./use-view.js";
import { pendingSorts, type PendingSort } from "./view.js";
import styles from "./filter-bar.module.css";

interface QueueToolsProps {
  readonly controls: ViewControls;
  readonly search: string;
  readonly onSearch: (text: string) => void;
}

/** The search field, and the order of pending requests. */
export function QueueTools({ controls, search, onSearch }: QueueToolsProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => field.current?.focus() });
  const { tab } = controls.view;
  return (
    <div className={styles.tools}>
      <TextInput
        ref={field}
        size="sm"
        placeholder="Search"
        aria-label="Search the requests"
        leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          onSearch("");
          event.currentTarget.blur();
        }}
      />
      {(tab === "pending" || tab === "mine") && <Order controls={controls} />}
    </div>
  );
}

const orders: Readonly<Record<PendingSort, string>> = { expiresAt: "Most urgent", "-risk": "Highest risk", "-createdAt": "Newest" };

function Order({ controls: { view, change } }: { readonly controls: ViewControls }): ReactNode {
  const { opened, toggle, dismiss, root, button } = usePopup();
  return (
    <div ref={root}>
      <button ref={button} type="button" className={styles.order} aria-haspopup="menu" aria-expanded={opened} onClick={toggle} data-testid="order">
        <IconArrowsSort size={15} stroke={1.8} aria-hidden />
        <span className="visually-hidden">Order: </span>
        {orders[view.sort]}
      </button>
      {opened && (
        <PopupPanel role="menu" label="Order" className={styles.orderMenu}>
          {pendingSorts.map((sort) => (
            <MenuItem
              key={sort}
              checked={{ of: "one", value: sort === view.sort }}
              onClick={() => {
                dismiss();
                if (sort !== view.sort) change({ ...view, sort });
              }}
            >
              {orders[sort]}
            </MenuItem>
          ))}
        </PopupPanel>
      )}
    </div>
  );
}
