import type { ConnectionStatusTexts } from "@heliograph/react";
import type { ReactNode } from "react";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number, span } = formats("de");

const connection: ConnectionStatusTexts = {
  labels: {
    live: "Live",
    unstable: "Live (langsam)",
    polling: "Live (langsam)",
    rest: "Live (langsam)",
    catching_up: (events) => `Holt auf (${number(events)})`,
    connecting: "Verbindet…",
    reconnecting: "Verbindet erneut…",
    offline: "Offline",
    unauthorized: "Neu anmelden",
  },
  hints: {
    live: () => "Änderungen kommen über WebSocket.",
    unstable: (reason) => `WebSocket ist wieder offen und bleibt es vielleicht nicht (${reason ?? "zuvor geschlossen"}).`,
    polling: (reason) => `Änderungen kommen über HTTP-Long-Polling: ${noWebSocket(reason)}`,
    rest: (reason) => `Änderungen werden über einfaches HTTP abgerufen: ${noWebSocket(reason)}`,
    catching_up: () => "Verpasste Ereignisse werden nachgeholt.",
    connecting: (reason) => reason ?? "Die Verbindung wird aufgebaut.",
    reconnecting: (reason) => reason ?? "Die Verbindung ist abgebrochen.",
    offline: (reason) => reason ?? "Es gibt kein Netz.",
    unauthorized: (reason) => reason ?? "Die Sitzung ist beendet.",
  },
  spoken: (label) => `Verbindung: ${label}`,
  details: "Einzelheiten der Verbindung",
  rows: {
    transport: "Übertragung",
    roundTrip: "Laufzeit",
    lastEvent: "Letztes Ereignis",
    thisTab: "Dieser Tab",
    failedAttempts: "Fehlversuche",
    nextAttempt: "Nächster Versuch",
  },
  transports: { websocket: "WebSocket", polling: "HTTP-Long-Polling", rest: "HTTP-Anfragen", none: "keine" },
  roles: {
    leader: (tabs) => (tabs === 1 ? "hält die Verbindung" : `hält die Verbindung von ${number(tabs)} Tabs`),
    follower: (tabs) => (tabs === 1 ? "nutzt die Verbindung des Shared Workers" : `teilt die Verbindung, einer von ${number(tabs)} Tabs`),
    solo: () => "hat eine eigene Verbindung",
  },
  roundTrip: (milliseconds) => `${number(milliseconds)} ms`,
  notMeasured: "nicht gemessen",
  noEvent: "noch keines",
  underWay: "läuft",
  ago: (milliseconds) => `vor ${span(milliseconds)}`,
  within: (milliseconds) => `in ${span(milliseconds)}`,
  signIn: "Anmelden",
  retryNow: "Jetzt verbinden",
  copy: "Diagnose kopieren",
  copied: "Kopiert",
  copyByHand: "Der Browser lässt diese Seite nicht kopieren. Kopieren Sie den ausgewählten Text:",
};

function noWebSocket(reason: string | null): string {
  return `WebSocket ist hier nicht verfügbar${reason === null ? "" : ` (${reason})`}.`;
}

export const german = {
  skip: "Zum Inhalt springen",
  main: "Hauptnavigation",
  screens: { overview: "Übersicht", approvals: "Freigaben", agents: "Agenten", activity: "Aktivität", settings: "Einstellungen" },
  pending: "offen",
  parts: { overview: "Übersicht", agents: "Liste der Agenten", agent: "Agent", activity: "Aktivität", settings: "Einstellungen", inbox: "Posteingang", account: "Menü Ihres Kontos", shortcuts: "Liste der Tastenkürzel", palette: "Befehlspalette", toasts: "Meldungen" },
  connection,
  banner: {
    offlineSpoken: "Offline. Entscheidungen können nicht gesendet werden.",
    lostSpoken: "Verbindung abgebrochen. Die Daten sind nicht aktuell.",
    offline: (age: ReactNode) => rich`Offline. Die Daten sind ${age}; Entscheidungen können nicht gesendet werden.`,
    lost: (age: ReactNode) => rich`Verbindung abgebrochen. Die Daten sind ${age}.`,
    ageUnknown: "unbekannten Alters",
    age: (age: string) => `${age} alt`,
    retryNow: "Jetzt verbinden",
    endedSpoken: "Ihre Sitzung ist beendet. Melden Sie sich neu an, um fortzufahren.",
    ended: "Ihre Sitzung ist beendet. Öffnen Sie in einem anderen Tab einen neuen Anmeldelink und machen Sie dann hier weiter. Ihre Eingaben bleiben erhalten.",
    noSession: "Keine neue Sitzung gefunden.",
    signedIn: "Ich habe mich angemeldet",
  },
  notifications: "Benachrichtigungen",
  unseen: (count: number) => `Benachrichtigungen, ${number(count)} ungesehen`,
  loadingInbox: "Der Posteingang wird geladen",
  account: "Ihr Konto und Einstellungen",
  session: "Zu dieser Sitzung",
  signedInBy: (makers: ReactNode) => rich`Sie wurden durch einen Link angemeldet, den ${makers} erstellt hat. Ihre Aktionen werden damit gekennzeichnet.`,
};
