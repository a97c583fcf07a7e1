import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");

const actions: Readonly<Record<string, string>> = {
  "approval.created": "Hat nach einer Freigabe gefragt",
  "approval.resolved": "Hat eine Anfrage erledigt",
  "approval.expired": "Eine Anfrage ist abgelaufen",
  "approval.claimed": "Hat eine Anfrage übernommen",
  "approval.released": "Hat eine Übernahme zurückgegeben",
  "approval.extended": "Hat eine Frist verlängert",
  "approval.decision_too_late": "Hat nach Ablauf der Frist entschieden",
  "agent.registered": "Hat einen Agenten angemeldet",
  "agent.changed": "Hat einen Agenten geändert",
  "agent.owner_changed": "Hat einen Agenten einem anderen Schlüssel gegeben",
  "message.written": "Hat eine Nachricht geschrieben",
  "member.added": "Hat ein Mitglied hinzugefügt",
  "member.role_changed": "Hat eine Rolle geändert",
  "member.removed": "Hat ein Mitglied entfernt",
  "member.sign_in_link_made": "Hat einen Anmeldelink erstellt",
  "key.issued": "Hat einen API-Schlüssel erstellt",
  "key.rotated": "Hat einen API-Schlüssel ersetzt",
  "key.revoked": "Hat einen API-Schlüssel widerrufen",
  "token.revoked": "Hat ein Token widerrufen",
  "session.opened": "Hat sich angemeldet",
  "session.ended": "Hat eine Sitzung beendet",
  "workspace.created": "Hat den Arbeitsbereich erstellt",
  "audit.exported": "Hat die Aktivität exportiert",
};

const outcomes: Readonly<Record<string, string>> = { approved: "Hat eine Anfrage freigegeben", rejected: "Hat eine Anfrage abgelehnt", responded: "Hat eine Anfrage beantwortet", cancelled: "Hat eine Anfrage zurückgezogen" };

const endings: Readonly<Record<string, string>> = { signed_out: "Hat sich abgemeldet", replaced: "Hat sich im selben Browser neu angemeldet" };

const roles: Readonly<Record<string, string>> = { owner: "Inhaber", admin: "Admin", operator: "Operator", viewer: "Betrachter" };

const subjects: Readonly<Record<string, string>> = {
  approval: "Anfrage",
  agent: "Agent",
  message: "Nachricht",
  member: "Mitglied",
  key: "API-Schlüssel",
  token: "Token",
  session: "Sitzung",
  workspace: "Arbeitsbereich",
  audit: "Aktivität",
};

export const german = {
  title: "Aktivität",
  text: "Wer was geändert hat, das Neueste zuerst.",
  notAllowed: "Ihre Rolle zeigt die Aktivität nicht",
  notAllowedText: "Die Rollen Inhaber und Admin können sie lesen.",
  notLoaded: "Die Aktivität konnte nicht geladen werden",
  reload: "Neu laden",
  loading: "Die Aktivität wird geladen",
  none: "Noch keine Aktivität",
  noMatch: "Keine Einträge passen zu den Filtern",
  noMatchText: "Ohne sie gibt es vielleicht andere.",
  who: "Wer",
  what: "Was",
  subject: "Gegenstand",
  when: "Wann",
  system: "Der Server",
  byKey: "mit Schlüssel",
  byLink: "angemeldet durch einen Link von",
  actions,
  outcomes,
  approvedEdited: "Hat eine Anfrage mit geänderten Argumenten freigegeben",
  endings,
  roles,
  change: (from: string, to: string) => `${from} → ${to}`,
  keptKeys: "die API-Schlüssel wurden behalten",
  subjects,
  newEntries: (count: number) => plural(count, { one: "# neuer Eintrag", other: "# neue Einträge" }),
  manyNew: (count: number) => `Mehr als ${number(count)} neue Einträge`,
  showMore: "Mehr anzeigen",
  moreFailed: "Weitere Einträge konnten nicht geladen werden.",
  shown: (count: number) => plural(count, { one: "# Eintrag wird angezeigt.", other: "# Einträge werden angezeigt." }),
  full: (count: number) => `${number(count)} Einträge werden angezeigt. Ältere finden Sie mit Filtern oder dem Export.`,
  filters: {
    label: "Filter",
    actor: "Wer",
    anyone: "Alle",
    members: "Mitglieder",
    agents: "Agenten",
    action: "Aktion",
    anything: "Alle Aktionen",
    subject: "ID des Gegenstands",
    from: "Von",
    to: "Bis",
    reversed: "Von muss vor Bis liegen.",
    apply: "Anwenden",
    clear: "Filter löschen",
  },
  exports: {
    label: "Export",
    csv: "Als CSV exportieren",
    jsonl: "Als JSON Lines exportieren",
    failed: (reason: string) => `Nicht exportiert: ${reason}`,
    done: "Der Export wurde gespeichert.",
  },
};
