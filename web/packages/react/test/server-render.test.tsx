// @vitest-environment node
import { createClient } from "@heliograph/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { ConnectionStatus, useApprovals, WebSocketProvider } from "../src/index.js";

function Screen() {
  const { approvals, isLoading } = useApprovals({ status: "pending" });
  return (
    <main>
      {isLoading ? "loading" : approvals.length}
      <ConnectionStatus />
    </main>
  );
}

test("renders on a server, where nothing is connected", () => {
  const client = createClient({ url: "http://nowhere.invalid", getToken: () => Promise.reject(new Error("never asked")) });

  const html = renderToString(
    <QueryClientProvider client={new QueryClient()}>
      <WebSocketProvider client={client}>
        <Screen />
      </WebSocketProvider>
    </QueryClientProvider>,
  );

  expect(html).toContain("loading");
  expect(html).toContain("Connecting…");
  expect(client.getState().status).toBe("idle");
});
