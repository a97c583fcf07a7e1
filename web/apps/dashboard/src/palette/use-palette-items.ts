import { useAgents, useApprovals } from "@heliograph/react";
import { useLocation } from "wouter";
import { MAX_QUERY, noFilters, queryOf, searchOf } from "../approvals/view.js";
import { leave, mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { useAppearance, useLanguagePreference, type Preference } from "../shell/preferences.js";
import { screensOf } from "../shell/screens.js";
import { shellTexts } from "../shell/texts.js";
import { pathOf } from "../views/view-path.js";
import { useViews } from "../views/use-views.js";
import { matching, type Group, type PaletteItem } from "./palette-items.js";
import { paletteTexts } from "./texts.js";

/** Sections of the settings that are for owners and admins only. */
const administered = ["api-keys"];

const sections = ["members", "api-keys", "sessions", "notifications", "usage", "appearance", "shortcuts"] as const;

/** What can be opened or done now and fits what is typed. Agents and pending requests are those that the page has loaded. */
export function usePaletteItems(typed: string, onHelp: () => void): readonly PaletteItem[] {
  const texts = useTexts(paletteTexts);
  const shell = useTexts(shellTexts);
  const session = useSession();
  const [, navigate] = useLocation();
  const { agents } = useAgents();
  const { approvals } = useApprovals({ status: "pending", sort: "expiresAt" });
  const { views = [] } = useViews();
  const appearance = useAppearance();
  const language = useLanguagePreference();
  const administers = mayAdminister(session.identity);

  const link = (group: Group, path: string, label: string, written?: "name" | "line"): PaletteItem => ({
    id: path,
    group,
    label,
    ...(written === undefined ? {} : { written }),
    run: () => {
      navigate(path);
      // The shortcuts of a request need the focus in the page.
      document.getElementById("main")?.focus();
    },
  });
  const screens = screensOf(session.identity);
  const shownViews = views.flatMap((view) => {
    const path = pathOf(view);
    return path !== undefined && screens.some(({ name }) => name === view.screen) ? [{ ...link("views", path, view.name, "line"), id: view.id }] : [];
  });
  const items = [
    ...screens.map(({ path, name }) => link("screens", path, shell.screens[name])),
    ...shownViews,
    ...sections.filter((name) => administers || !administered.includes(name)).map((name) => link("settings", `/settings/${name}`, texts.settings[name])),
    { id: "shortcuts", group: "actions", label: texts.shortcuts, run: onHelp } as const,
    ...choices(appearance, "appearance", texts.choose),
    ...choices(language, "language", texts.choose),
    { id: "sign-out", group: "actions", label: texts.signOut, run: () => leave(session) } as const,
    ...agents.map(({ id, name }) => link("agents", `/agents/${encodeURIComponent(id)}`, name, "name")),
    ...approvals.filter(({ status }) => status === "pending").map(({ id, title }) => link("requests", `/approvals/${encodeURIComponent(id)}`, title, "line")),
  ];
  const words = queryOf(typed.slice(0, MAX_QUERY));
  const search = words === "" ? [] : [{ ...link("requests", `/approvals${searchOf({ tab: "all", sort: "expiresAt", q: words, filters: noFilters })}`, texts.search(words)), always: true }];
  return matching([...items, ...search], typed);
}

function choices<T>({ label, options, value, choose }: Preference<T>, id: string, text: (preference: string, value: string) => string): readonly PaletteItem[] {
  return options
    .filter((option) => option.value !== value)
    .map((option) => ({ id: `${id}/${String(option.value)}`, group: "actions", label: text(label, option.label), run: () => choose(option.value) }));
}
