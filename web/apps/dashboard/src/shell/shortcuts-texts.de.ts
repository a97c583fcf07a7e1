export const german = {
  title: "Tastenkürzel",
  close: "Schließen",
  keys: {
    move: "Nächste, vorige Anfrage; in der Liste auch die Pfeiltasten",
    open: "Die Anfrage öffnen",
    approve: "Freigeben; bei einer kritischen Anfrage ist zuerst ein Wort daraus einzugeben",
    reject: "Ablehnen",
    edit: "Die Argumente bearbeiten",
    claim: "Übernehmen: den anderen zeigen, dass Sie daran sind",
    select: "Die Anfrage auswählen, um mehrere zusammen zu entscheiden",
    search: "Suchen",
    palette: "Seiten, Agenten, Anfragen und Aktionen nach ihrem Namen aufrufen",
    help: "Diese Liste anzeigen",
  },
  on: "Tastenkürzel sind eingeschaltet",
  onText: "Tastenkürzel gelten nicht, während Sie schreiben oder ein Menü oder Dialog offen ist. Eine gehaltene Taste wirkt einmal.",
};
