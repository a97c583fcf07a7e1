import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");

export const german = {
  title: "Gehe zu oder tue",
  placeholder: "Seite, Aktion, Agent oder Anfrage",
  none: "Nichts heißt so",
  results: (count: number) => plural(count, { one: "# Ergebnis", other: "# Ergebnisse" }),
  more: (count: number) => `Gezeigt werden die ersten ${number(count)}. Geben Sie mehr ein, um andere zu finden.`,
  groups: { screens: "Seiten", views: "Gespeicherte Ansichten", settings: "Einstellungen", actions: "Aktionen", agents: "Agenten", requests: "Offene Anfragen" },
  settings: { members: "Mitglieder", "api-keys": "API-Schlüssel", sessions: "Sitzungen", notifications: "Benachrichtigungen", usage: "Auslastung", appearance: "Darstellung", shortcuts: "Tastenkürzel" },
  search: (words: string) => `Alle Anfragen nach „${words}“ durchsuchen`,
  shortcuts: "Tastenkürzel anzeigen",
  signOut: "Abmelden",
  choose: (preference: string, value: string) => `${preference} – ${value}`,
  keys: "Pfeiltasten wählen, Enter öffnet, Escape schließt.",
};
