import { formats } from "../shared/formats.js";

const { number, plural } = formats("de");

export const german = {
  title: "Während Sie weg waren",
  created: (count: number) => plural(count, { one: "# neue Anfrage", other: "# neue Anfragen" }),
  decided: (count: number) => `${number(count)} entschieden`,
  expired: (count: number) => `${number(count)} abgelaufen`,
  agents: (count: number) => plural(count, { one: "# Agent geändert", other: "# Agenten geändert" }),
};
