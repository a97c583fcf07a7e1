import { createElement, Fragment, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { catalogue, type Catalogue } from "../src/shared/language.js";

type Text = string | ((...values: readonly unknown[]) => ReactNode);

const modules = import.meta.glob<Readonly<Record<string, Catalogue<object>>>>("../src/**/{texts,*-texts}.ts", { eager: true });
const catalogues = Object.entries(modules).map(([file, module]): [file: string, Catalogue<object>] => {
  const [found] = Object.values(module);
  if (found === undefined) throw new Error(`${file} has no catalogue`);
  return [file.replace("../src/", "").replace(".ts", ""), found];
});

/** All texts of a catalogue by their path, such as `tabs.mine.label`. */
function textsIn(value: object, path = ""): readonly (readonly [string, Text])[] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const name = path === "" ? key : `${path}.${key}`;
    return typeof item === "object" && item !== null ? textsIn(item, name) : [[name, item as Text] as const];
  });
}

/** What is shown of a text when all that it is about is `value`. */
function shown(text: Text, value?: unknown): string {
  const node = typeof text === "string" ? text : text(...Array.from({ length: text.length }, () => value));
  return renderToStaticMarkup(createElement(Fragment, null, node));
}

/** Texts that are the same in both languages. */
const same: Readonly<Record<string, readonly string[]>> = {
  "activity/texts": ["change", "exports.label", "roles.admin", "roles.operator", "subjects.agent", "subjects.token"],
  "agents/texts": ["counts.offline", "decisions.share", "states.offline"],
  "approvals/edit-texts": ["becomes"],
  "approvals/request-texts": ["editor.text", "json.text"],
  "approvals/texts": ["filterLabels.agentId", "filterLabels.tag", "filterValue"],
  "settings/texts": ["invitation.name", "keys.name", "members.name", "newKey.name", "roles.admin", "roles.operator"],
  "shell/account-texts": ["roleIn", "schemes.auto"],
  "shell/inbox-texts": ["times"],
  "shell/texts": ["connection.labels.live", "connection.labels.offline", "connection.transports.websocket"],
};

test("each folder has its catalogues", () => {
  expect(catalogues.map(([file]) => file).sort()).toEqual([
    "activity/texts",
    "agents/texts",
    "approvals/bulk-texts",
    "approvals/context-texts",
    "approvals/edit-texts",
    "approvals/extend-texts",
    "approvals/filter-texts",
    "approvals/preview-texts",
    "approvals/request-texts",
    "approvals/texts",
    "approvals/tree-texts",
    "overview/texts",
    "palette/texts",
    "presence/texts",
    "session/form-texts",
    "session/texts",
    "settings/notification-texts",
    "settings/texts",
    "settings/usage-texts",
    "shared/json-texts",
    "shared/markdown-texts",
    "shared/texts",
    "shell/account-texts",
    "shell/caught-up-texts",
    "shell/critical-texts",
    "shell/inbox-texts",
    "shell/shortcuts-texts",
    "shell/texts",
    "views/texts",
  ]);
});

test.each(catalogues)("%s has German for every text", async (file, { en, de }) => {
  const german = await de();
  expect(german).not.toBe(en);
  const texts = new Map(textsIn(german));
  expect([...texts.keys()].sort()).toEqual(textsIn(en).map(([name]) => name).sort());
  const equal = textsIn(en).flatMap(([name, english]) => {
    const text = texts.get(name) ?? "";
    expect(typeof text, name).toBe(typeof english);
    return shown(text) === shown(english) && shown(text, 2) === shown(english, 2) ? [name] : [];
  });
  expect(equal.sort()).toEqual(same[file] ?? []);
});

test.each(catalogues)("%s has a text for 0, 1, 2 and 1,000", async (_, { en, de }) => {
  for (const texts of [en, await de()]) {
    for (const [name, text] of textsIn(texts)) {
      for (const value of [0, 1, 2, 1_000]) expect(shown(text, value).trim(), `${name} of ${value}`).not.toBe("");
      expect(shown(text, 1_000), name).not.toMatch(/undefined|NaN|\[object/);
    }
  }
});

test("texts that cannot be loaded are English, by the same promise each time", async () => {
  const { en, de } = catalogue({ title: "Title" }, () => Promise.reject(new TypeError("no network")));

  expect(await de()).toBe(en);
  expect(de()).toBe(de());
});
