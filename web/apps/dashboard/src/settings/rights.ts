import { roles, type Member, type Role } from "@heliograph/client";
import { mayAdminister, type Identity } from "../session/session.js";

/** Whether the identity's member may change the other one. The server decides; this says what is offered. */
export function mayChange(identity: Identity, { role }: Member): boolean {
  return mayAdminister(identity) && (role !== "owner" || identity.member.role === "owner");
}

/** The roles that a member of this role may give. */
export function grantable(own: Role): readonly Role[] {
  return own === "owner" ? roles : roles.filter((role) => role !== "owner");
}

/** Whether the second role may do less than the first. */
export function isLess(before: Role, after: Role): boolean {
  return roles.indexOf(after) > roles.indexOf(before);
}
