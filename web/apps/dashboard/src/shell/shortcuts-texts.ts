import { catalogue } from "../shared/language.js";

export const shortcutsTexts = catalogue(
  {
    title: "Keyboard shortcuts",
    close: "Close",
    /** What each key does. */
    keys: {
      move: "Next, previous request; in the list also the arrow keys",
      open: "Open the request",
      approve: "Approve; a critical request asks for a word of it first",
      reject: "Reject",
      edit: "Edit the arguments",
      claim: "Claim: tell others that you are on it",
      select: "Choose the request, to decide several at once",
      search: "Search",
      palette: "Go to a screen, agent or request, or do something by its name",
      help: "Show this list",
    },
    on: "Shortcuts are on",
    onText: "Shortcuts do not apply while you type, or while a menu or dialog is open. A held key acts once.",
  },
  () => import("./shortcuts-texts.de.js").then(({ german }) => german),
);
