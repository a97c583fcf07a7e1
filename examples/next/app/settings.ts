import type { Credential } from "@heliograph/client";

/** Where the Heliograph server is, for this server and for browsers. */
export function heliographUrl(): string {
  return process.env.HELIOGRAPH_URL ?? "http://127.0.0.1:8080";
}

/** The token of the member who is signed in here. Your own back end knows who that is; the example has one member, from the environment. */
export function memberToken(): Promise<Credential> {
  const token = process.env.HELIOGRAPH_TOKEN;
  return token === undefined ? Promise.reject(new Error("HELIOGRAPH_TOKEN is not set")) : Promise.resolve({ token });
}
