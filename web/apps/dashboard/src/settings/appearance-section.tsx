import { Radio } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { useAppearance, useLanguagePreference, type Preference } from "../shell/preferences.js";
import { Section } from "./section.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** Colours and language of this browser. */
export function AppearanceSection(): ReactNode {
  const { sections, keptInBrowser } = useTexts(settingsTexts);
  return (
    <Section title={sections.appearance} text={keptInBrowser}>
      <Choice preference={useAppearance()} />
      <Choice preference={useLanguagePreference()} />
    </Section>
  );
}

function Choice<T>({ preference: { label, options, value, choose } }: { readonly preference: Preference<T> }): ReactNode {
  const chosen = options.find((option) => option.value === value);
  return (
    <Radio.Group
      label={label}
      value={chosen?.label ?? ""}
      onChange={(name) => {
        const option = options.find((candidate) => candidate.label === name);
        if (option !== undefined) choose(option.value);
      }}
    >
      <div className={styles.choices}>
        {options.map((option) => (
          <Radio key={option.label} value={option.label} label={<span lang={option.lang}>{option.label}</span>} />
        ))}
      </div>
    </Radio.Group>
  );
}
