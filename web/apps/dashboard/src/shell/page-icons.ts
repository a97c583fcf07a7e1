/** As `public/favicon.svg`. */
export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#12615f"/><circle cx="13" cy="19" r="5.5" fill="#ffc857"/><path d="M19.5 12.5 25 7M22 16.5l5-1.5M15.5 10l1.5-5" stroke="#ffe9b8" stroke-width="2.4" stroke-linecap="round"/></svg>';

const DOT = '<circle cx="25" cy="25" r="7" fill="#e5484d" stroke="#fff" stroke-width="2"/>';

const dotted = `data:image/svg+xml,${encodeURIComponent(FAVICON.replace("</svg>", `${DOT}</svg>`))}`;

/** The icon's own address, while another is shown. */
let original: string | undefined;

/** Shows or removes the dot on the page's icon. */
export function showDot(shown: boolean): void {
  const link = document.querySelector('link[rel="icon"]');
  if (link === null) return;
  if (shown) {
    original ??= link.getAttribute("href") ?? "";
    link.setAttribute("href", dotted);
  } else if (original !== undefined) {
    link.setAttribute("href", original);
    original = undefined;
  }
}

/** Shows a number on the installed app's icon, where the browser has that; 0 removes it. A browser that does not allow it is left alone. */
export function showBadge(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  const change = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
  change.catch(() => undefined);
}
