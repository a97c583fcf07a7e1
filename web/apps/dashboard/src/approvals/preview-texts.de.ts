export const german = {
  layout: "Anordnung der Änderungen",
  inline: "Untereinander",
  split: "Nebeneinander",
  noDifference: "Es gibt keinen Unterschied.",
};
