export const german = {
  roleIn: (role: string, workspace: string) => `${role} in ${workspace}`,
  appearance: "Darstellung",
  schemes: { auto: "System", light: "Hell", dark: "Dunkel" },
  language: "Sprache",
  browserLanguage: "Wie im Browser",
  shortcuts: "Tastenkürzel",
  signOut: "Abmelden",
};
