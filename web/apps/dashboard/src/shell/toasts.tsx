import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { whenIdle } from "../shared/when-idle.js";
import { shellTexts } from "./texts.js";

const Notifications = lazy(() => import("../shared/toasts.js").then(({ Notifications: component }) => ({ default: component })));

/** Where the messages of `toast` appear. Loaded when the page is idle. */
export function Toasts(): ReactNode {
  const { parts } = useTexts(shellTexts);
  const [wanted, setWanted] = useState(false);
  useEffect(() => whenIdle(() => setWanted(true)), []);
  if (!wanted) return null;
  return (
    // Without its code the page works: what a toast says is announced and stands in the request as well.
    <Boundary name={parts.toasts} fallback={null}>
      <Suspense fallback={null}>
        <Notifications position="bottom-right" limit={3} />
      </Suspense>
    </Boundary>
  );
}
