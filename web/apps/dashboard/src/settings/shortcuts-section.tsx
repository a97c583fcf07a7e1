import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { ShortcutsList } from "../shell/shortcuts-help.js";
import { Section } from "./section.js";
import { settingsTexts } from "./texts.js";

/** The keys, and the switch that turns them off. */
export function ShortcutsSection(): ReactNode {
  const { sections, shortcuts } = useTexts(settingsTexts);
  return (
    <Section title={sections.shortcuts} text={shortcuts.text}>
      <div>
        <ShortcutsList />
      </div>
    </Section>
  );
}
