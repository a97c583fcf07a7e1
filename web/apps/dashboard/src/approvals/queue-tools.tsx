import { TextInput } from "@mantine/core";
import { IconArrowsSort, IconListCheck, IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import { useShortcuts } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import { Views } from "../views/views.js";
import { approvalsTexts } from "./texts.js";
import type { ViewControls } from "./use-view.js";
import { MAX_QUERY, pendingSorts, queryOf, searchOf, viewOf } from "./view.js";
import styles from "./filter-bar.module.css";

interface QueueToolsProps {
  readonly controls: ViewControls;
  /** Lets rows be chosen, to decide several at once. */
  readonly onSelect?: () => void;
}

/** After so long without a key, the words are searched for. Milliseconds. */
const PAUSE = 200;

/** The search field, the order of pending requests, the way to decide several, and the saved views. */
export function QueueTools({ controls, onSelect }: QueueToolsProps): ReactNode {
  const texts = useTexts(approvalsTexts);
  const [typed, type] = useTyped(controls);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => field.current?.focus() });
  const { tab } = controls.view;
  return (
    <div className={styles.tools}>
      <TextInput
        ref={field}
        size="sm"
        placeholder={texts.search}
        aria-label={texts.searchLabel}
        leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
        maxLength={MAX_QUERY}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          type("");
          event.currentTarget.blur();
        }}
      />
      {(tab === "pending" || tab === "mine") && <Order controls={controls} />}
      {onSelect !== undefined && (
        <button type="button" className={styles.order} onClick={onSelect}>
          <IconListCheck size={15} stroke={1.8} aria-hidden />
          {texts.chooseMany}
        </button>
      )}
      <Views screen="approvals" search={searchOf(controls.view)} hrefOf={(search) => controls.hrefOf(viewOf(search))} />
    </div>
  );
}

/** What is typed in the search field. The address has it after a pause, and the field what the address gets by Back or a link. */
function useTyped({ view, search }: ViewControls): [typed: string, type: (text: string) => void] {
  const [typed, type] = useState(view.q);
  const [known, setKnown] = useState(view.q);
  if (known !== view.q) {
    setKnown(view.q);
    if (queryOf(typed) !== view.q) type(view.q);
  }
  const q = queryOf(typed);
  const searchNow = useEffectEvent(() => search(q));
  useEffect(() => {
    if (q === known) return undefined;
    const timer = setTimeout(() => searchNow(), PAUSE);
    return () => clearTimeout(timer);
  }, [q, known]);
  return [typed, type];
}

function Order({ controls: { view, change } }: { readonly controls: ViewControls }): ReactNode {
  const { order, orders } = useTexts(approvalsTexts);
  const { opened, toggle, dismiss, root, button } = usePopup();
  return (
    <div ref={root}>
      <button ref={button} type="button" className={styles.order} aria-haspopup="menu" aria-expanded={opened} onClick={toggle} data-testid="order">
        <IconArrowsSort size={15} stroke={1.8} aria-hidden />
        <span className="visually-hidden">{order}: </span>
        {orders[view.sort]}
      </button>
      {opened && (
        <PopupPanel role="menu" label={order} className={styles.orderMenu}>
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
