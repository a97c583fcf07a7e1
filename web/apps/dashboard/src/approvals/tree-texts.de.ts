import { formats } from "../shared/formats.js";

const { plural } = formats("de");

export const german = {
  openAll: "Alle öffnen",
  closeAll: "Alle schließen",
  items: (count: number) => plural(count, { one: "# Element", other: "# Elemente" }),
  fields: (count: number) => plural(count, { one: "# Feld", other: "# Felder" }),
};
