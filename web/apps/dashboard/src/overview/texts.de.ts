import type { ReactNode } from "react";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("de");

export const german = {
  title: "Übersicht",
  loading: "Wird geladen",
  parts: { page: "Übersicht", needsYou: "Liste der dringenden Anfragen", pending: "Zahl der Anfragen", agents: "Liste der Agenten", decisions: "Entscheidungen", firstRun: "Erste Schritte" },
  needsYou: {
    title: "Jetzt zu entscheiden",
    lists: { critical: "Kritisch", expiring: "Läuft in 5 Minuten ab", mine: "Von Ihnen übernommen" },
    all: { critical: "Alle kritischen Anfragen", expiring: "Alle offenen Anfragen", mine: "Alle, die Sie übernommen haben" },
    none: "Keine Anfrage ist kritisch, läuft innerhalb von 5 Minuten ab oder ist von Ihnen übernommen.",
    partial: (count: number) => `Durchgesehen wurden die ${number(count)} offenen Anfragen, die zuerst ablaufen.`,
  },
  pending: {
    title: "Offene Anfragen",
    critical: (count: number) => `${number(count)} kritisch`,
    none: "Keine offenen Anfragen",
    oldest: (ago: ReactNode) => rich`Die älteste kam ${ago}`,
    oldestOf: (ago: ReactNode, count: number) => rich`Die älteste der ${number(count)}, die zuerst ablaufen, kam ${ago}`,
    open: "Warteschlange öffnen",
  },
  agents: { title: "Agenten", none: "Keine Agenten", open: "Liste der Agenten öffnen" },
  decisions: {
    title: "Entscheidungen der letzten 24 Stunden",
    none: "In dieser Zeit wurde keine Anfrage entschieden, und keine ist abgelaufen.",
    decided: "Entschieden",
    expired: "Abgelaufen",
    median: "Zeit bis zur Entscheidung (Median)",
    expiredShare: "Anteil der abgelaufenen",
    editedShare: "Anteil der bearbeiteten an den freigegebenen",
    byPeople: "Durch Menschen",
    byRules: "Durch Regeln",
    unknown: "noch nicht bekannt",
    perHour: "Entscheidungen je Stunde",
    perDay: "Entscheidungen je Tag",
    chart: (decided: number, expired: number, most: number, at: string) => `${number(decided)} entschieden und ${number(expired)} abgelaufen; am meisten um ${at}, zusammen ${number(most)}`,
    bar: (at: string, decided: number, expired: number) => `${at}: ${number(decided)} entschieden, ${number(expired)} abgelaufen`,
    table: "Als Tabelle anzeigen",
    columns: { at: "Ab", created: "Gestellt", approved: "Freigegeben", rejected: "Abgelehnt", responded: "Beantwortet", expired: "Abgelaufen", cancelled: "Zurückgezogen" },
    truncated: (from: string) => `Gezählt ab ${from}: Davor gibt es zu viele Anfragen.`,
  },
  firstRun: {
    title: "Hier ist noch nichts geschehen",
    text: "Agenten erscheinen mit ihrer ersten Anfrage. Sie können auf zwei Arten beginnen.",
    demo: "Eine Vorführung ansehen",
    demoText: "Dieser Befehl startet Heliograph mit Beispielagenten, die um Freigaben bitten. Führen Sie ihn im Verzeichnis von Heliograph aus.",
    ask: "Selbst Agent sein",
    key: (link: ReactNode) => rich`Ein Inhaber oder Administrator erstellt unter ${link} einen API-Schlüssel. Der Schlüssel wird einmal angezeigt.`,
    keyLink: "Einstellungen → API-Schlüssel",
    shell: (command: ReactNode) => rich`Legen Sie den Schlüssel in die Variable KEY Ihrer Shell: ${command} liest ihn ein, ohne ihn zu zeigen.`,
    curl: "Bitten Sie mit diesem Befehl um eine Freigabe:",
    queue: (link: ReactNode) => rich`Die Anfrage erscheint sofort unter ${link}. Geben Sie sie dort frei, oder lehnen Sie sie ab.`,
    queueLink: "Freigaben",
    copy: "Kopieren",
    copied: "Kopiert",
    copyByHand: "Der Browser lässt diese Seite nicht kopieren. Wählen Sie den Text aus und kopieren Sie ihn.",
    copyOf: (what: string) => `Kopieren: ${what}`,
  },
};
