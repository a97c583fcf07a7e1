import { readLocalStorageValue, useLocalStorage } from "@mantine/hooks";
import { useEffect, useEffectEvent } from "react";

const KEY = "heliograph:shortcuts";
/** What lies over the page while it is there. */
const OVERLAYS = '[aria-modal="true"], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], dialog[open]';
/** What Enter or Space click. */
const CLICKABLE = "button, a, summary, [role=button], [role=menuitem], [role=menuitemradio], [role=switch], input[type=checkbox]";
/** Input types in which nothing is typed. */
const NOT_TYPED = ["radio", "checkbox", "button", "submit", "reset"];

/** Whether single-key shortcuts are on, and the switch. */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const [enabled, setEnabled] = useLocalStorage({ key: KEY, defaultValue: true, getInitialValueInEffect: false });
  return [enabled, setEnabled];
}

/**
 * Calls an action for its key, such as `a` or `ArrowDown`. A key that repeats, has a modifier key, belongs to a text field or to an input
 * method, or comes while a dialog, menu or popover is open does nothing. With `about`, the actions are those of one request: they also
 * need the focus on that request, or on nothing in particular.
 */
export function useShortcuts(actions: Readonly<Record<string, () => void>>, about?: string): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actions[shortcutOf(event) ?? ""];
    if (action === undefined || event.defaultPrevented || isTyping(event.target) || overlayOpen()) return;
    if (!readLocalStorageValue({ key: KEY, defaultValue: true })) return;
    if (about !== undefined && !isAbout(event.target, about)) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    // Captures: a popover closes by a key press outside it, and this has to see it open.
    document.addEventListener("keydown", listener, true);
    return () => document.removeEventListener("keydown", listener, true);
  }, []);
}

/**
 * The shortcut that a key press stands for. A Latin letter counts as it is typed, so that any Latin layout and Caps Lock work; a letter of
 * another script counts by the key's place. A letter with Shift is no shortcut.
 */
export function shortcutOf(event: KeyboardEvent): string | undefined {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return undefined;
  if (!/^\p{L}$/u.test(event.key)) return event.key;
  if (event.shiftKey) return undefined;
  if (/^\p{Script=Latin}$/u.test(event.key)) return event.key.toLowerCase();
  return /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
}

/** A button or link is clicked once by Enter or Space, however long the key is held. */
export function useNoHeldClicks(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (!event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
      if (event.target instanceof Element && event.target.closest(CLICKABLE) !== null) event.preventDefault();
    };
    document.addEventListener("keydown", listener, true);
    return () => document.removeEventListener("keydown", listener, true);
  }, []);
}

/** Whether text goes to this element. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED.includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Whether a dialog, menu or popover is open. */
export function overlayOpen(): boolean {
  return [...document.querySelectorAll(OVERLAYS)].some((overlay) => typeof overlay.checkVisibility !== "function" || overlay.checkVisibility());
}

/** Whether the computer has Apple's keys, where ⌘ is what Ctrl is elsewhere. */
export function hasCommandKey(): boolean {
  return /\b(Macintosh|iPhone|iPad)\b/.test(navigator.userAgent);
}

/** Whether a key press is ⌘K, or Ctrl+K on other computers than Apple's. A letter of another script than Latin counts by the key's place. */
export function isPaletteKey(event: KeyboardEvent): boolean {
  const { key, code, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
  const only = hasCommandKey() ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (!only || shiftKey || altKey || repeat || isComposing(event)) return false;
  return /^\p{Script=Latin}$/u.test(key) ? key.toLowerCase() === "k" : code === "KeyK";
}

/** Calls back for ⌘K or Ctrl+K, also in a text field; not while a dialog, menu or popover is open. */
export function usePaletteKey(open: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isPaletteKey(event) || event.defaultPrevented || overlayOpen()) return;
    event.preventDefault();
    open();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener, true);
    return () => document.removeEventListener("keydown", listener, true);
  }, []);
}

/** Some browsers send the last key of an input method's composition with code 229 only. */
export function isComposing(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return event.isComposing || event.keyCode === 229;
}

function isAbout(target: EventTarget | null, id: string): boolean {
  if (!(target instanceof Element)) return true;
  const request = target.closest("[data-approval-id]");
  if (request !== null) return request.getAttribute("data-approval-id") === id;
  return target === document.body || target === document.documentElement || target.tagName === "MAIN";
}
