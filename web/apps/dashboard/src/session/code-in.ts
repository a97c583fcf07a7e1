/** The code in a sign-in link, or the text itself when it is a bare code. */
export function codeIn(text: string): string {
  const trimmed = text.trim();
  return /[#&]code=([^&\s]+)/.exec(trimmed)?.[1] ?? (/^[\w-]{8,}$/.test(trimmed) ? trimmed : "");
}
