import { IconChecklist, IconLayoutDashboard, IconRobot } from "@tabler/icons-react";

/** The screens of the navigation, in its order. The names are keys of the catalogue. */
export const screens = [
  { path: "/overview", name: "overview", icon: IconLayoutDashboard },
  { path: "/approvals", name: "approvals", icon: IconChecklist },
  { path: "/agents", name: "agents", icon: IconRobot },
] as const;

/** The screen that an address shows; the root is the approvals. */
export function screenAt(location: string): (typeof screens)[number] | undefined {
  const address = location === "/" ? "/approvals" : location;
  return screens.find(({ path }) => address === path || address.startsWith(`${path}/`));
}
