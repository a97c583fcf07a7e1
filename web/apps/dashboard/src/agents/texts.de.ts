import type { ReactNode } from "react";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

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
  seen: (ago: ReactNode) => rich`gesehen ${ago}`,
  parts: { transcript: "Protokoll", message: "Nachricht" },
  notFound: "Agent nicht gefunden",
  all: "Alle Agenten",
  byKey: (name: ReactNode) => rich`mit Schlüssel ${name}`,
  requests: "Anfragen dieses Agenten",
  messages: "Nachrichten",
  messagesNotLoaded: "Die Nachrichten konnten nicht geladen werden",
  noMessages: "Noch keine Nachrichten",
  noMessagesText: "Nachrichten erscheinen hier, während der Agent sie schreibt.",
  writing: "schreibt…",
  kinds: { tool_call: "ruft ein Werkzeug auf", tool_result: "Ergebnis des Werkzeugs", log: "Log", error: "Fehler" },
  roles: { agent: "Agent", tool: "Werkzeug", operator: "Operator", system: "System" },
};
