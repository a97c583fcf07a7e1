import { useConnectionStatus } from "@heliograph/react";
import type { Approval } from "@heliograph/client";
import { Suspense, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { useTimeLeft } from "./countdown.js";
import { extensionsOf } from "./extensions.js";
import { requestTexts } from "./request-texts.js";

const menu = lazyPart(() => import("./extend-menu.js").then(({ ExtendMenu }) => ExtendMenu));

/** The button that moves the deadline, for members that may decide and while there is room for a later one. */
export function ExtendSection({ approval }: { readonly approval: Approval }): ReactNode {
  const texts = useTexts(requestTexts);
  const { identity } = useSession();
  const { canWrite } = useConnectionStatus();
  const extensions = extensionsOf(approval, identity, useTimeLeft(approval));
  if (extensions.length === 0 || !canWrite) return null;
  return (
    <Boundary name={texts.parts.extend} fallback={null}>
      <Suspense fallback={null}>
        <menu.Part approval={approval} extensions={extensions} />
      </Suspense>
    </Boundary>
  );
}
