import type { ReactNode } from "react";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { plural } = formats("de");

export const german = {
  title: "Argumente, die stattdessen freigegeben werden",
  changes: "Änderungen Ihrer Bearbeitung",
  changeCount: (count: number) => plural(count, { one: "Ihre Bearbeitung ändert # Wert", other: "Ihre Bearbeitung ändert # Werte" }),
  noChange: "Ihre Bearbeitung ändert keinen Wert, nur die Schreibweise",
  moreChanges: (count: number) => plural(count, { one: "und # weitere", other: "und # weitere" }),
  whole: "alle Argumente",
  added: "hinzugefügt:",
  removed: "entfernt",
  becomes: "→",
  root: "seinem Anfang",
  notDrawn: {
    keyword: (name: ReactNode, at: ReactNode) => rich`Das Formular kennt ${name} nicht, das im Schema des Agenten bei ${at} steht. Bearbeiten Sie den Text.`,
    type: (at: ReactNode) => rich`Das Schema des Agenten nennt bei ${at} keinen Typ, den das Formular kennt. Bearbeiten Sie den Text.`,
    depth: (at: ReactNode) => rich`Das Schema des Agenten ist bei ${at} für das Formular zu tief verschachtelt. Bearbeiten Sie den Text.`,
    value: (at: ReactNode) => rich`Die Argumente passen bei ${at} nicht zum Schema des Agenten. Bearbeiten Sie den Text.`,
  },
  others: "Nicht im Formular, bleibt wie es ist:",
  leftOut: "weggelassen",
  add: "Hinzufügen",
  leaveOut: "Weglassen",
  addItem: "Element hinzufügen",
  removeItem: (index: number) => `[${index}] entfernen`,
  locked: "Dieser Text enthält unsichtbare oder irreführende Zeichen. Bearbeiten Sie ihn als Text.",
  faults: {
    required: "Erforderlich",
    number: "Eine Zahl wird erwartet, etwa 12.5",
    integer: "Eine ganze Zahl wird erwartet",
    choice: "Keiner der Werte, die das Schema erlaubt",
    pattern: "Nicht in der Form, die das Schema verlangt",
    minimum: (limit: number) => `Mindestens ${limit}`,
    above: (limit: number) => `Mehr als ${limit}`,
    maximum: (limit: number) => `Höchstens ${limit}`,
    below: (limit: number) => `Weniger als ${limit}`,
    minLength: (limit: number) => plural(limit, { one: "Mindestens # Zeichen", other: "Mindestens # Zeichen" }),
    maxLength: (limit: number) => plural(limit, { one: "Höchstens # Zeichen", other: "Höchstens # Zeichen" }),
    minItems: (limit: number) => plural(limit, { one: "Mindestens # Element", other: "Mindestens # Elemente" }),
    maxItems: (limit: number) => plural(limit, { one: "Höchstens # Element", other: "Höchstens # Elemente" }),
  },
};
