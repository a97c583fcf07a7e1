import type { ReactNode } from "react";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("de");

export const german = {
  title: "Freigaben",
  lists: "Listen",
  tabs: {
    pending: { label: "Offen", list: "Offene Anfragen", empty: "Alles erledigt", emptyText: "Neue Anfragen erscheinen hier von selbst." },
    mine: {
      label: "Meine",
      list: "Anfragen, die Sie übernommen haben",
      empty: "Sie haben keine Anfragen übernommen",
      emptyText: "Sie übernehmen eine Anfrage, solange Sie sie offen haben oder wenn Sie c drücken. Andere sehen dann, dass Sie daran sind.",
    },
    decided: { label: "Entschieden", list: "Entschiedene Anfragen", empty: "Keine entschiedenen Anfragen", emptyText: "Freigegebene, abgelehnte und zurückgezogene Anfragen erscheinen hier." },
    expired: { label: "Abgelaufen", list: "Abgelaufene Anfragen", empty: "Keine abgelaufenen Anfragen", emptyText: "Anfragen, über die niemand rechtzeitig entschieden hat, erscheinen hier." },
    all: { label: "Alle", list: "Alle Anfragen", empty: "Noch keine Anfragen", emptyText: "Eine Anfrage erscheint hier, sobald ein Agent sie stellt." },
  },
  inWorkspace: (count: number) => `${number(count)} im Arbeitsbereich`,
  nonePending: "keine offen",
  pending: (count: number) => `${number(count)} offen`,
  critical: (count: number) => `${number(count)} kritisch`,
  new: (count: number) => `${number(count)} neu`,
  parts: { queue: "Warteschlange", request: "Anfrage", filter: "Filter" },
  request: "Anfrage",
  noneOpen: "Keine Anfrage ist geöffnet",
  noneOpenText: "Eine Anfrage, die Sie öffnen, wird hier gezeigt.",
  choose: "Wählen Sie eine Anfrage",
  chooseText: "Lesen Sie die Aktion, dann geben Sie sie frei oder lehnen sie ab.",
  allRequests: "Alle Anfragen",
  loadingRequest: "Die Anfrage wird geladen",
  sending: "Wird gesendet…",
  left: (time: string) => `noch ${time}`,
  expires: (time: string) => `Läuft ab: ${time}`,
  expiredMaybe: "Abgelaufen?",
  outcomes: {
    pending: "Offen",
    approved: "Freigegeben",
    changed: "Mit Änderungen freigegeben",
    rejected: "Abgelehnt",
    answered: "Beantwortet",
    cancelled: "Zurückgezogen",
    expired: "Abgelaufen",
  },
  by: (outcome: string, name: string) => `${outcome} von ${name}`,
  byYou: (outcome: string) => `${outcome} von Ihnen`,
  you: "Sie",
  filters: "Filter",
  filterLabels: { risk: "Risiko", agentId: "Agent", action: "Aktion", tag: "Tag", time: "Erstellt", by: "Entschieden von" },
  filterValue: (label: string, value: ReactNode) => rich`${label}: ${value}`,
  clearFilters: "Filter löschen",
  riskValues: { critical: "kritisch", high: "hoch", medium: "mittel", low: "gering" },
  periodValues: { hour: "letzte Stunde", today: "heute", week: "letzte 7 Tage" },
  before: (time: string) => `vor ${time}`,
  since: (time: string) => `seit ${time}`,
  search: "Suchen",
  searchLabel: "Die Anfragen durchsuchen",
  order: "Reihenfolge",
  orders: { expiresAt: "Dringendste", "-risk": "Höchstes Risiko", "-createdAt": "Neueste" },
  moreNotLoaded: "Weitere Anfragen konnten nicht geladen werden.",
  lookedThrough: (shown: number, total?: number) => `Nur die ersten ${of(shown, total)} offenen Anfragen wurden durchgesehen.`,
  shown: (shown: number, total?: number) => `Gezeigte Anfragen: ${of(shown, total)}.`,
  showMore: "Mehr anzeigen",
  notLoaded: "Die Anfragen konnten nicht geladen werden",
  reload: "Neu laden",
  noMatch: "Keine passenden Anfragen",
  noMatchText: "Neue Anfragen sind zwei Sekunden, nachdem sie gestellt wurden, zu finden.",
  clearSearch: "Suche löschen",
  noneFiltered: "Keine Anfragen passen zu den Filtern",
  noneFilteredText: "Ohne sie gibt es vielleicht andere.",
  loading: "Die Anfragen werden geladen",
};

function of(shown: number, total: number | undefined): string {
  return total === undefined ? number(shown) : `${number(shown)} von ${number(total)}`;
}
