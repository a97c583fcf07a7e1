import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");

export const german = {
  isLooking: "sieht sich das gerade an",
  areLooking: "sehen sich das gerade an",
  andOthers: (count: number) => `und ${number(count)} weitere`,
  online: (count: number) => plural(count, { one: "# weiteres Mitglied ist online", other: "# weitere Mitglieder sind online" }),
  title: "Gerade online",
  looking: "Sieht sich eine Anfrage an",
  truncated: "Nicht alle Mitglieder sind aufgeführt",
};
