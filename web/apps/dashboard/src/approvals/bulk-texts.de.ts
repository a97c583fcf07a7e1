import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");
const requests = (count: number) => plural(count, { one: "# Anfrage", other: "# Anfragen" });

export const german = {
  bar: "Ausgewählte Anfragen",
  chosen: (count: number, most: number) => (count === 0 ? `Anfragen mit den Kästchen oder x auswählen, höchstens ${number(most)}` : count >= most ? `${requests(count)} ausgewählt, mehr sind es nicht auf einmal` : `${requests(count)} ausgewählt`),
  approve: "Freigeben…",
  reject: "Ablehnen…",
  done: "Fertig",
  titles: { approved: (count: number) => `${requests(count)} freigeben?`, rejected: (count: number) => `${requests(count)} ablehnen?` },
  alone: (count: number) => plural(count, { one: "# Anfrage mit hohem Risiko ist nicht dabei: Ihre Argumente müssen gelesen werden. Öffnen Sie sie, um sie freizugeben.", other: "# Anfragen mit hohem Risiko sind nicht dabei: Ihre Argumente müssen gelesen werden. Öffnen Sie sie, um sie freizugeben." }),
  list: "Die Anfragen",
  reason: "Notiz an die Agenten",
  send: { approved: (count: number) => `${requests(count)} freigeben`, rejected: (count: number) => `${requests(count)} ablehnen` },
  cancel: "Abbrechen",
  close: "Schließen",
  stored: { approved: (count: number) => `${requests(count)} freigegeben`, rejected: (count: number) => `${requests(count)} abgelehnt` },
  notStored: (count: number) => `Nicht entschieden: ${requests(count)}`,
  failed: "Die Entscheidungen konnten nicht gesendet werden. Nichts ist verloren: Senden Sie sie noch einmal.",
};
