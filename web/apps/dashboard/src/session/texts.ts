import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { rich } from "../shared/rich.js";

export const sessionTexts = catalogue(
  {
    roles: { owner: "owner", admin: "admin", operator: "operator", viewer: "viewer" },
    opening: "Opening your workspace",
    notAvailable: "Server not available",
    notReachable: "Server not reachable",
    notReachableText: "The server cannot be reached.",
    tryAgain: "Try again",
    /** Names the page, for when it could not be shown. */
    part: "The sign-in page",
    /** Of members that made links, one by means of the link of the other. */
    andThen: (first: ReactNode, next: ReactNode) => rich`${first} and then ${next}`,
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
