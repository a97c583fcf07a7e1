import { useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun, IconSunMoon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { languageNames, languages, useLanguage, useTexts, type Language } from "../shared/language.js";
import { MenuItem } from "../shared/popup.js";
import { accountTexts } from "./account-texts.js";
import styles from "./account.module.css";

/** One of several values that this browser keeps, for a menu or a form. */
export interface Preference<T> {
  readonly label: string;
  readonly options: readonly PreferenceOption<T>[];
  readonly value: T;
  readonly choose: (value: T) => void;
}

export interface PreferenceOption<T> {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
  /** Of the label, when it is not the page's. */
  readonly lang?: Language;
}

const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const;

/** Light, dark, or as the system. Mantine keeps it in the local storage. */
export function useAppearance(): Preference<MantineColorScheme> {
  const { appearance, schemes } = useTexts(accountTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return {
    label: appearance,
    options: [
      { value: "auto", label: schemes.auto, icon: <IconSunMoon {...icon} /> },
      { value: "light", label: schemes.light, icon: <IconSun {...icon} /> },
      { value: "dark", label: schemes.dark, icon: <IconMoon {...icon} /> },
    ],
    value: colorScheme,
    choose: setColorScheme,
  };
}

/** A language of the catalogue, or null for the browser's. */
export function useLanguagePreference(): Preference<Language | null> {
  const texts = useTexts(accountTexts);
  const { chosen, choose } = useLanguage();
  const named = languages.map((language) => ({ value: language, label: languageNames[language], lang: language }));
  return { label: texts.language, options: [{ value: null, label: texts.browserLanguage }, ...named], value: chosen, choose };
}

interface PreferenceMenuProps<T> {
  readonly preference: Preference<T>;
  readonly onDone: () => void;
}

/** A preference as a group of a menu. */
export function PreferenceMenu<T>({ preference: { label, options, value, choose }, onDone }: PreferenceMenuProps<T>): ReactNode {
  return (
    <div role="group" aria-label={label} className={styles.group}>
      <span className={styles.label} aria-hidden>
        {label}
      </span>
      {options.map((option) => (
        <MenuItem
          key={option.label}
          icon={option.icon}
          checked={{ of: "one", value: option.value === value }}
          onClick={() => {
            choose(option.value);
            onDone();
          }}
        >
          <span lang={option.lang}>{option.label}</span>
        </MenuItem>
      ))}
    </div>
  );
}
