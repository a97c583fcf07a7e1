import { formats } from "../shared/formats.js";

const { number } = formats("de");

export const german = {
  title: "Benachrichtigungen",
  markAllRead: "Alle als gelesen markieren",
  notMarked: (problem: string) => `Nicht als gelesen markiert: ${problem}`,
  part: "Posteingang",
  none: "Keine Benachrichtigungen",
  noneText: "Anfragen zur Freigabe und Fehler von Agenten erscheinen hier.",
  times: (count: number) => `×${number(count)}`,
  unread: "ungelesen",
};
