import type { LinkMaker } from "@heliograph/client";
import { Fragment, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";

/** Such as `Mara`, or `Mara and then Olga` when Mara made the link by which Olga was signed in. */
export function LinkMakers({ makers }: { readonly makers: readonly LinkMaker[] }): ReactNode {
  return makers.map(({ id, name }, index) => (
    <Fragment key={id}>
      {index > 0 && " and then "}
      <AgentText text={name} kind="name" />
    </Fragment>
  ));
}
