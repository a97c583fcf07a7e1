import { createClient } from "@heliograph/client";
import { Live } from "./live";
import { Queue } from "./queue";
import { heliographUrl, memberToken } from "./settings";

// Rendered for each request: the count below is of now.
export const dynamic = "force-dynamic";

export default async function Page() {
  // On the server: REST only, nothing is connected.
  const server = createClient({ url: heliographUrl(), getToken: memberToken });
  const { statusCounts } = await server.rest.approvals({ status: "pending", limit: 1 });
  return (
    <main>
      <h1>Approvals</h1>
      <p>{statusCounts.pending} pending when this page was rendered</p>
      <Live url={heliographUrl()}>
        <Queue />
      </Live>
    </main>
  );
}
