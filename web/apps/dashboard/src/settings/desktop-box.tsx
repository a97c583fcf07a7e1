import { Button } from "@mantine/core";
import { useId, useState, useSyncExternalStore, type ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { desktopPermission } from "../shell/desktop-permission.js";
import { notificationTexts } from "./notification-texts.js";
import styles from "./settings.module.css";

/** Whether this browser shows notifications of the desktop, with a button that asks for the permission or shows an example. */
export function DesktopBox(): ReactNode {
  const texts = useTexts(notificationTexts);
  const id = useId();
  const permission = useSyncExternalStore(onFocus, desktopPermission);
  const [, setAsked] = useState(0);
  const [shown, setShown] = useState(true);
  const ask = () => {
    // The state is read again when the browser has the answer.
    void Notification.requestPermission().finally(() => setAsked((times) => times + 1));
  };
  const tryOne = () => {
    setShown(isShown(texts.example, texts.exampleText));
  };
  return (
    <section className={styles.box} aria-labelledby={id}>
      <h3 id={id}>{texts.browser}</h3>
      <p className={styles.hint}>{texts.browserText}</p>
      <p role="status" data-permission={permission}>
        {texts.permissions[permission]}
      </p>
      {permission === "default" && <Button onClick={ask}>{texts.ask}</Button>}
      {permission === "granted" && (
        <Button variant="default" onClick={tryOne}>
          {texts.try}
        </Button>
      )}
      {!shown && (
        <p className={styles.problem} role="alert">
          {texts.notShown}
        </p>
      )}
    </section>
  );
}

/** Shows a notification, if the browser shows any for pages. */
function isShown(title: string, body: string): boolean {
  try {
    const example = new Notification(title, { body, tag: "heliograph-example" });
    example.onclick = () => example.close();
    return true;
  } catch {
    return false;
  }
}

/** The permission can change in the browser's settings, while another window has the focus. */
function onFocus(listener: () => void): () => void {
  window.addEventListener("focus", listener);
  return () => window.removeEventListener("focus", listener);
}
