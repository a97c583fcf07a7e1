import type { NotificationData } from "@mantine/notifications";

/** Shows a short message in the corner of the page. Its code is loaded with the first one; what a screen reader says does not depend on it. */
export function toast(message: NotificationData): void {
  import("./toasts.js").then(
    ({ notifications }) => notifications.show(message),
    (error: unknown) => console.error("A message could not be shown.", error),
  );
}
