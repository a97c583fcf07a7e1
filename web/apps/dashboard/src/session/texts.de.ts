import type { ReactNode } from "react";
import { rich } from "../shared/rich.js";

export const german = {
  roles: { owner: "Inhaber", admin: "Administrator", operator: "Operator", viewer: "Betrachter" },
  opening: "Ihr Arbeitsbereich wird geöffnet",
  notAvailable: "Server nicht verfügbar",
  notReachable: "Server nicht erreichbar",
  notReachableText: "Der Server ist nicht erreichbar.",
  tryAgain: "Erneut versuchen",
  part: "Anmeldeseite",
  andThen: (first: ReactNode, next: ReactNode) => rich`${first} und danach ${next}`,
};
