import { vi } from "vitest";

/** The browser's notifications of the desktop, as a test plays them. */
export class FakeNotification {
  static permission: NotificationPermission = "granted";
  /** What the member answers when it is asked. */
  static answer: NotificationPermission = "granted";
  /** As on a phone: pages cannot make any. */
  static refuses = false;
  static all: FakeNotification[] = [];
  onclick: (() => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  readonly title: string;
  readonly options: NotificationOptions;

  constructor(title: string, options: NotificationOptions = {}) {
    this.title = title;
    this.options = options;
    if (FakeNotification.refuses) throw new TypeError("Illegal constructor");
    FakeNotification.all.push(this);
  }

  static requestPermission(): Promise<NotificationPermission> {
    FakeNotification.permission = FakeNotification.answer;
    return Promise.resolve(FakeNotification.permission);
  }

  close(): void {
    this.closed = true;
    this.onclose?.();
  }
}

/** Replaces them. `vi.unstubAllGlobals()` ends it. */
export function stubNotifications(permission: NotificationPermission): void {
  Object.assign(FakeNotification, { permission, answer: "granted", refuses: false, all: [] });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("Notification", FakeNotification);
}

/** Preferences as the server sends them by default. */
export const preferences = {
  inApp: { "approval.requested": true, "approval.expired": true, "agent.offline": true, "agent.error": true },
  desktop: { "approval.requested": true, "approval.expired": false, "agent.offline": false, "agent.error": false, minRisk: "high" },
};
