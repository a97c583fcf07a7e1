import { formats } from "../shared/formats.js";

const { number } = formats("de");

export const german = {
  tryAgain: "Erneut versuchen",
  historyNotLoaded: (reason: string) => `Der Verlauf konnte nicht geladen werden: ${reason}`,
  historyCut: (count: number) => `Die ersten ${number(count)} Einträge werden gezeigt.`,
  noHistory: "Zu dieser Anfrage ist nichts aufbewahrt.",
  extendedTo: (time: string) => `Frist verlängert bis ${time}`,
  messagesNotLoaded: (reason: string) => `Die Nachrichten konnten nicht geladen werden: ${reason}`,
  noMessages: "Der Agent hat nichts geschrieben.",
  allMessages: "Alle Nachrichten des Agenten",
};
