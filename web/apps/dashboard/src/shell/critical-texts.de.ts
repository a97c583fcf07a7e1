import { formats } from "../shared/formats.js";

const { plural } = formats("de");

export const german = {
  one: (title: string) => `Neue kritische Anfrage: ${title}`,
  several: (count: number) => plural(count, { one: "# neue kritische Anfrage", other: "# neue kritische Anfragen" }),
};
