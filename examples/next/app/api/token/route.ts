import { memberToken } from "../../settings";

/** What `getToken` in the browser fetches. Answer 401 when nobody is signed in. */
export async function POST() {
  return Response.json(await memberToken(), { headers: { "Cache-Control": "no-store" } });
}
