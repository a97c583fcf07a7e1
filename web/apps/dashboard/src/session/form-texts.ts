import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { rich } from "../shared/rich.js";

export const formTexts = catalogue(
  {
    signInTo: (workspace: ReactNode) => rich`Sign in to ${workspace}`,
    already: "Already signed in",
    signInAsInstead: (member: ReactNode) => rich`Sign in as ${member} instead?`,
    signedInAs: (member: ReactNode, workspace: ReactNode) => rich`You are signed in as ${member} in ${workspace}.`,
    wouldSignInAgain: "This link would sign you in again.",
    endsSession: "Signing in ends that session in this browser.",
    workspace: "Workspace",
    member: "Member",
    madeBy: (makers: ReactNode) => rich`${makers} made this link for you. The session and its actions are marked with it.`,
    signIn: "Sign in",
    stayAs: (member: ReactNode) => rich`Stay as ${member}`,
    unused: "The link works once. It has not been used yet.",
    linkFails: "This link does not work",
    stillSignedInAs: (member: ReactNode, workspace: ReactNode) => rich`You are still signed in as ${member} in ${workspace}.`,
    openLink: (command: ReactNode) =>
      rich`Open a sign-in link. ${command} prints one, and an owner or admin of your workspace can make one for you. Each link works once.`,
    pasteLink: "Or paste the link here",
    continue: "Continue",
  },
  () => import("./form-texts.de.js").then(({ german }) => german),
);
