import { notificationKinds, type Notification as Notice, type NotificationPreferences, type Risk } from "@heliograph/client";
import { markedText } from "../shared/unicode.js";

/** So many are shown at a time: the oldest is closed for another one. */
const MAX_SHOWN = 5;
/** Characters. */
const MAX_TITLE = 120;
const MAX_BODY = 240;

const risks: readonly Risk[] = ["low", "medium", "high", "critical"];

/** A notification does not say whether a risk is low or medium. */
const riskOf: Readonly<Record<string, Risk | undefined>> = { info: "medium", warning: "high", critical: "critical" };

/** Whether the member wants to see it on the desktop. `risk` is that of the request it is about, where that is known. */
export function isWanted({ desktop }: NotificationPreferences, { kind, severity }: Notice, risk: Risk | undefined): boolean {
  const known = notificationKinds.find((name) => name === kind);
  if (known === undefined || !desktop[known]) return false;
  if (!known.startsWith("approval.")) return true;
  return risks.indexOf(risk ?? riskOf[severity] ?? "critical") >= risks.indexOf(desktop.minRisk);
}

/** The notifications of the desktop that this page shows. */
export class DesktopNotices {
  readonly #onOpen: (notice: Notice) => void;
  readonly #shown = new Map<string, Notification>();

  /** `onOpen` is called with the notification that is clicked. */
  constructor(onOpen: (notice: Notice) => void) {
    this.#onOpen = onOpen;
  }

  /** Shows it, in the place of the same one. Does nothing in browsers that show them for service workers only. */
  show(notice: Notice): void {
    const { id, title, body } = notice;
    let shown: Notification;
    try {
      shown = new Notification(textOf(title, MAX_TITLE), { tag: id, ...(body === undefined ? {} : { body: textOf(body, MAX_BODY) }) });
    } catch {
      return;
    }
    this.#shown.delete(id);
    this.#shown.set(id, shown);
    shown.onclick = () => {
      window.focus();
      this.close([id]);
      this.#onOpen(notice);
    };
    shown.onclose = () => {
      if (this.#shown.get(id) === shown) this.#shown.delete(id);
    };
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > MAX_SHOWN && oldest !== undefined) this.close([oldest]);
  }

  close(ids: Iterable<string>): void {
    for (const id of ids) {
      const shown = this.#shown.get(id);
      this.#shown.delete(id);
      shown?.close();
    }
  }

  closeAll(): void {
    this.close([...this.#shown.keys()]);
  }
}

/** A text of an agent, with what is not seen in it as codes, and without its end when it is long. */
function textOf(text: string, max: number): string {
  const marked = Array.from(markedText(Array.from(text).slice(0, max + 1).join(""), "line"));
  return marked.length <= max ? marked.join("") : `${marked.slice(0, max - 1).join("")}…`;
}
