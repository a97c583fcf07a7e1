import { useState } from "react";
import type { Identity } from "../session/session.js";
import { useSession } from "../session/session-context.js";

/** What a member typed about a request and has not sent. */
export interface Draft {
  readonly note: string;
  /** The edited arguments as text; null when they are not being edited. */
  readonly edited: string | null;
}

export interface DraftControls extends Draft {
  readonly setNote: (note: string) => void;
  readonly setEdited: (edited: string | null) => void;
  readonly discard: () => void;
}

const PREFIX = "heliograph:draft:";
/** So many drafts are kept; the oldest go. */
const KEPT = 50;
const none: Draft = { note: "", edited: null };

/** The member's draft about a request. It outlives the form, a reload and a new sign-in in this tab. */
export function useDraft(approvalId: string): DraftControls {
  const { identity } = useSession();
  const key = draftKey(identity, approvalId);
  const [draft, setDraft] = useState(() => readDraft(key));
  const change = (next: Draft) => {
    setDraft(next);
    writeDraft(key, next);
  };
  return {
    ...draft,
    setNote: (note) => change({ ...draft, note }),
    setEdited: (edited) => change({ ...draft, edited }),
    discard: () => change(none),
  };
}

export function draftKey({ workspace, member }: Identity, approvalId: string): string {
  return `${PREFIX}${workspace.id}/${member.id}/${approvalId}`;
}

/** Drafts of this page that the storage did not take. */
const unstored = new Map<string, Draft>();

export function readDraft(key: string): Draft {
  return unstored.get(key) ?? stored(key)?.draft ?? none;
}

/** An empty draft is removed. */
export function writeDraft(key: string, draft: Draft): void {
  unstored.delete(key);
  if (draft.note === "" && draft.edited === null) {
    attempt(() => sessionStorage.removeItem(key));
    return;
  }
  const text = JSON.stringify({ at: Date.now(), draft });
  const isNew = stored(key) === undefined;
  const others = isNew ? oldestFirst() : [];
  for (const old of others.slice(0, Math.max(0, others.length - KEPT + 1))) attempt(() => sessionStorage.removeItem(old));
  const save = () => attempt(() => sessionStorage.setItem(key, text));
  if (save()) return;
  for (const old of oldestFirst().filter((other) => other !== key)) {
    attempt(() => sessionStorage.removeItem(old));
    if (save()) return;
  }
  unstored.set(key, draft);
}

function oldestFirst(): string[] {
  const keys: string[] = [];
  attempt(() => {
    for (let index = 0; index < sessionStorage.length; index += 1) keys.push(sessionStorage.key(index) ?? "");
  });
  const found = keys.filter((key) => key.startsWith(PREFIX)).map((key) => ({ key, at: stored(key)?.at ?? 0 }));
  return found.sort((a, b) => a.at - b.at).map(({ key }) => key);
}

function stored(key: string): { readonly at: number; readonly draft: Draft } | undefined {
  try {
    const entry = JSON.parse(sessionStorage.getItem(key) ?? "null") as { at: number; draft: Draft } | null;
    return entry ?? undefined;
  } catch {
    return undefined;
  }
}

/** False when the storage refuses: it is full, or switched off. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
