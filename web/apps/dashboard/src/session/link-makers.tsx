import type { LinkMaker } from "@heliograph/client";
import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { sessionTexts } from "./texts.js";

/** Such as `Mara`, or `Mara and then Olga` when Mara made the link by which Olga was signed in. */
export function LinkMakers({ makers }: { readonly makers: readonly LinkMaker[] }): ReactNode {
  const texts = useTexts(sessionTexts);
  const names: readonly ReactNode[] = makers.map(({ id, name }) => <AgentText key={id} text={name} kind="name" />);
  return names.length === 0 ? null : names.reduce((first, next) => texts.andThen(first, next));
}
