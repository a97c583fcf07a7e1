import type { ReactNode } from "react";
import { rich } from "../shared/rich.js";

export const german = {
  signInTo: (workspace: ReactNode) => rich`Bei ${workspace} anmelden`,
  already: "Bereits angemeldet",
  signInAsInstead: (member: ReactNode) => rich`Stattdessen als ${member} anmelden?`,
  signedInAs: (member: ReactNode, workspace: ReactNode) => rich`Sie sind als ${member} in ${workspace} angemeldet.`,
  wouldSignInAgain: "Dieser Link würde Sie erneut anmelden.",
  endsSession: "Die Anmeldung beendet diese Sitzung in diesem Browser.",
  workspace: "Arbeitsbereich",
  member: "Mitglied",
  madeBy: (makers: ReactNode) => rich`${makers} hat diesen Link für Sie erstellt. Die Sitzung und ihre Aktionen werden damit gekennzeichnet.`,
  signIn: "Anmelden",
  stayAs: (member: ReactNode) => rich`Weiter als ${member}`,
  unused: "Der Link funktioniert einmal. Er wurde noch nicht verwendet.",
  linkFails: "Dieser Link funktioniert nicht",
  stillSignedInAs: (member: ReactNode, workspace: ReactNode) => rich`Sie sind noch als ${member} in ${workspace} angemeldet.`,
  openLink: (command: ReactNode) =>
    rich`Öffnen Sie einen Anmeldelink. ${command} gibt einen aus, und ein Inhaber oder Administrator Ihres Arbeitsbereichs kann einen für Sie erstellen. Jeder Link funktioniert einmal.`,
  pasteLink: "Oder fügen Sie den Link hier ein",
  continue: "Weiter",
};
