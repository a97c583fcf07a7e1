import { catalogue } from "../shared/language.js";

export const accountTexts = catalogue(
  {
    roleIn: (role: string, workspace: string) => `${role} in ${workspace}`,
    appearance: "Appearance",
    schemes: { auto: "System", light: "Light", dark: "Dark" },
    language: "Language",
    browserLanguage: "Browser's",
    shortcuts: "Keyboard shortcuts",
    signOut: "Sign out",
  },
  () => import("./account-texts.de.js").then(({ german }) => german),
);
