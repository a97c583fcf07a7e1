import { formats } from "../shared/formats.js";

const { number } = formats("de");

export const german = {
  title: "Agenten",
  states: { working: "Arbeitet", waiting_approval: "Wartet auf Freigabe", idle: "Untätig", error: "Fehler", offline: "Offline" },
  counts: {
    working: (count: number) => `${number(count)} arbeiten`,
    waiting_approval: (count: number) => `${number(count)} warten`,
    idle: (count: number) => `${number(count)} untätig`,
    error: (count: number) => `${number(count)} mit Fehler`,
    offline: (count: number) => `${number(count)} offline`,
  },
  pending: (count: number) => `${number(count)} offen`,
  nothingReported: "Nichts gemeldet",
  loading: "Die Agenten werden geladen",
  none: "Keine Agenten",
  noneText: "Ein Agent erscheint mit seiner ersten Anfrage, oder wenn er sich mit seinem API-Schlüssel anmeldet.",
  notLoaded: "Die Agenten konnten nicht geladen werden",
  reload: "Neu laden",
};
