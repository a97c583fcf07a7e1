import { formats } from "./formats.js";

const { number } = formats("de");

export const german = {
  justNow: "gerade eben",
  ago: (span: string) => `vor ${span}`,
  risks: { low: "Geringes Risiko", medium: "Mittleres Risiko", high: "Hohes Risiko", critical: "Kritisches Risiko" },
  notFound: "Seite nicht gefunden",
  backToApprovals: "Zurück zu den Freigaben",
  partNotLoaded: (name: string) => `${name}: Laden fehlgeschlagen`,
  partNotLoadedText: "Vielleicht wurde Heliograph aktualisiert, oder die Verbindung ist abgebrochen. Ihre Eingaben bleiben erhalten.",
  reloadPage: "Seite neu laden",
  partNotShown: (name: string) => `${name}: Anzeige fehlgeschlagen`,
  partNotShownText: "Der Rest der Seite funktioniert.",
  reload: "Neu laden",
  andMore: (count: number) => ` und ${number(count)} weitere`,
  hasHidden: "(enthält verborgene oder irreführende Zeichen)",
  showAll: (characters: number) => `… ${number(characters)} Zeichen, alle anzeigen`,
  hiddenWarning: [
    "Diese Anfrage enthält Zeichen, die unsichtbar sind, die Reihenfolge des Textes ändern oder wie andere aussehen. Sie werden durch ihre Codes gezeigt, etwa",
    "Lesen Sie sie aufmerksam.",
  ],
  hostBeforeAt: "was vor dem @ steht, ist nicht der Host",
  hostNotAscii: "ein Host mit Buchstaben außerhalb von ASCII",
};
