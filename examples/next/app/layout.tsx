import "@heliograph/react/connection-status.css";
import type { ReactNode } from "react";

export const metadata = { title: "Approvals" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
