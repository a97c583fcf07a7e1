import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");

const limits: Readonly<Record<string, string>> = {
  pendingApprovals: "Offene Anfragen",
  agents: "Agenten",
  members: "Mitglieder",
  apiKeys: "API-Schlüssel",
  sessions: "Angemeldete Browser",
  storage: "Gespeicherte Daten",
  messages: "Nachrichten eines Agenten",
  views: "Gespeicherte Ansichten",
  sharedViews: "Geteilte Ansichten",
  reads: "Lesende Aufrufe",
  writes: "Ändernde Aufrufe",
  asks: "Aufrufe, die nach einer Freigabe fragen",
  sockets: "Offene Verbindungen",
  longPolls: "Lange Abfragen von Ereignissen",
  waits: "Aufrufe, die auf eine Entscheidung warten",
  auditExports: "Exporte der Aktivität",
  publishes: "Veröffentlichte Ereignisse",
  eventTypes: "Ereignistypen mit Schema",
};

export const german = {
  text: "Die Grenzen dieses Arbeitsbereichs und wie weit sie ausgeschöpft sind. Alle Mitglieder können das sehen.",
  scopes: { workspace: "Der Arbeitsbereich", caller: "Sie", agent: "Der Agent mit dem höchsten Verbrauch" },
  limit: "Grenze",
  used: "Belegt",
  setting: "Einstellung des Servers",
  limits,
  usedOf: (used: string, limit: string) => `${used} von ${limit}`,
  perSecond: (count: number) => `${number(count)} kommen pro Sekunde zurück`,
  perNode: "Auf dem Knoten, der geantwortet hat",
  nearly: (share: string) => `${share} belegt`,
  full: "Ausgeschöpft",
  warning: (count: number) => plural(count, { one: "# Grenze ist zu mindestens 80 % ausgeschöpft.", other: "# Grenzen sind zu mindestens 80 % ausgeschöpft." }),
  calm: "Keine Grenze ist nahe.",
  refresh: "Aktualisieren",
  readAt: (time: string) => `Stand ${time}`,
  notRefreshed: (problem: string) => `Nicht aktualisiert: ${problem}`,
};
