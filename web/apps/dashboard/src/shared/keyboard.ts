import { readLocalStorageValue, useLocalStorage } from "@mantine/hooks";
import { useEffect, useEffectEvent } from "react";

const KEY = "heliograph:shortcuts";

/** Whether single-key shortcuts are on, and the switch. */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const [enabled, setEnabled] = useLocalStorage({ key: KEY, defaultValue: true, getInitialValueInEffect: false });
  return [enabled, setEnabled];
}

/** Calls an action for its key. Ignored in text fields, with a modifier key, while a dialog is open, and when shortcuts are off. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actions[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key.length > 1) return;
    if (!readLocalStorageValue({ key: KEY, defaultValue: true }) || isTyping(event.target) || document.querySelector('[aria-modal="true"]') !== null) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}
