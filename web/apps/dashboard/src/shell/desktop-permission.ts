/** Whether this page may show notifications of the desktop: as the browser says it, or why it cannot be asked. */
export type DesktopPermission = NotificationPermission | "insecure" | "unsupported";

export function desktopPermission(): DesktopPermission {
  // Over plain HTTP some browsers have the interface, and refuse each notification.
  if (!window.isSecureContext) return "insecure";
  return "Notification" in window ? Notification.permission : "unsupported";
}
