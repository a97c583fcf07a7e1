import type { AuditEntry } from "@heliograph/client";
import type { ActivityTexts } from "./texts.js";

/** What an entry says was done. */
export interface EntryText {
  /** From the catalogue; an action that it does not have is its name. */
  readonly sentence: string;
  /** What it was done with, such as the name of an action; written by a member or an agent. */
  readonly about?: string | undefined;
}

/** The sentence of an entry. */
export function entryText({ action, detail }: AuditEntry, texts: ActivityTexts): EntryText {
  const sentence = own(texts.actions, action) ?? action;
  const role = (key: string) => own(texts.roles, textIn(detail, key) ?? "") ?? textIn(detail, key) ?? "";
  switch (action) {
    case "approval.created":
      return { sentence, about: textIn(detail, "action") };
    case "approval.resolved":
      return resolved(detail["resolution"], sentence, texts);
    case "member.added":
      return { sentence, about: join([textIn(detail, "handle"), role("role")]) };
    case "member.role_changed":
      return { sentence, about: texts.change(role("from"), role("to")) };
    case "member.removed":
      return { sentence, about: join([textIn(detail, "handle"), textIn(detail, "keys") === "keep" ? texts.keptKeys : undefined]) };
    case "key.issued":
    case "view.created":
    case "view.changed":
    case "view.deleted":
      return { sentence, about: textIn(detail, "name") };
    case "session.ended":
      return { sentence: own(texts.endings, textIn(detail, "reason") ?? "") ?? sentence };
    default:
      return { sentence };
  }
}

/** The address of what an entry is about; undefined when no screen shows it. */
export function subjectHref({ subject: { type, id }, detail }: AuditEntry): string | undefined {
  switch (type) {
    case "approval":
      return `/approvals/${encodeURIComponent(id)}`;
    case "agent":
      return `/agents/${encodeURIComponent(id)}`;
    case "message": {
      const agentId = textIn(detail, "agentId");
      return agentId === undefined ? undefined : `/agents/${encodeURIComponent(agentId)}`;
    }
    case "member":
      return "/settings/members";
    case "key":
      return "/settings/api-keys";
    case "session":
      return "/settings/sessions";
    default:
      return undefined;
  }
}

function resolved(resolution: unknown, sentence: string, texts: ActivityTexts): EntryText {
  const outcome = textIn(resolution, "outcome") ?? "";
  const edited = outcome === "approved" && isRecord(resolution) && resolution["argsEdited"] === true;
  return { sentence: edited ? texts.approvedEdited : (own(texts.outcomes, outcome) ?? sentence), about: textIn(resolution, "reason") ?? textIn(resolution, "response") };
}

/** The text of a name that the server sent: `constructor` is none. */
export function own(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

function textIn(value: unknown, key: string): string | undefined {
  const field = isRecord(value) ? value[key] : undefined;
  return typeof field === "string" && field !== "" ? field : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function join(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
