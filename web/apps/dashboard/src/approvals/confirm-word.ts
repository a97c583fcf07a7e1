import type { Approval } from "@heliograph/client";

/** A word to type before a critical request is approved, and where it stands. */
export interface ConfirmWord {
  readonly word: string;
  readonly source: "title" | "action" | "none";
}

/** Whole words of plain letters: any keyboard can type them, and none looks like another. */
const WORD = /(?<![\p{L}\p{M}\p{N}\p{Cf}])[A-Za-z]{3,24}(?![\p{L}\p{M}\p{N}\p{Cf}])/gu;

/** The longest word of the title, else of the action's name; `otherwise` when neither has one. */
export function confirmWord({ title, action }: Approval, otherwise: string): ConfirmWord {
  const inTitle = longestWord(title);
  if (inTitle !== undefined) return { word: inTitle, source: "title" };
  const inAction = longestWord(action.name);
  return inAction === undefined ? { word: otherwise, source: "none" } : { word: inAction, source: "action" };
}

/** Whether a text is the word, in upper or lower case. */
export function isWord(text: string, { word }: ConfirmWord): boolean {
  return text.trim().toLowerCase() === word.toLowerCase();
}

function longestWord(text: string): string | undefined {
  return (text.match(WORD) ?? []).reduce<string | undefined>((longest, word) => (longest === undefined || word.length > longest.length ? word : longest), undefined);
}
