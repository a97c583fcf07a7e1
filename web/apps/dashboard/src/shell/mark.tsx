import type { ReactNode } from "react";

/** The logo: a mirror that reflects sunlight. */
export function Mark({ size = 28 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#12615f" />
      <circle cx="13" cy="19" r="5.5" fill="#ffc857" />
      <path d="M19.5 12.5 25 7M22 16.5l5-1.5M15.5 10l1.5-5" stroke="#ffe9b8" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
