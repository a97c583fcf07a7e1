import { IconChecklist, IconHistory, IconLayoutDashboard, IconRobot, IconSettings } from "@tabler/icons-react";
import { mayAdminister, type Session } from "../session/session.js";

/** The screens of the navigation, in its order. The names are keys of the catalogue; `administers`: for owners and admins only. */
const screens = [
  { path: "/", name: "overview", icon: IconLayoutDashboard },
  { path: "/approvals", name: "approvals", icon: IconChecklist },
  { path: "/agents", name: "agents", icon: IconRobot },
  { path: "/activity", name: "activity", icon: IconHistory, administers: true },
  { path: "/settings", name: "settings", icon: IconSettings },
] as const;

/** Those that a member of this role may use. */
export function screensOf(identity: Session["identity"]): readonly (typeof screens)[number][] {
  return screens.filter((screen) => !("administers" in screen) || mayAdminister(identity));
}

/** The screen that an address shows. */
export function screenAt(location: string): (typeof screens)[number] | undefined {
  return screens.find(({ path }) => location === path || (path !== "/" && location.startsWith(`${path}/`)));
}
