"use client";

import { createClient, SignInNeeded, type Credential } from "@heliograph/client";
import { ConnectionStatus, WebSocketProvider } from "@heliograph/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

async function getToken(): Promise<Credential> {
  const response = await fetch("/api/token", { method: "POST" });
  if (response.status === 401) throw new SignInNeeded("sign in again");
  if (!response.ok) throw new Error(`the token could not be fetched: ${response.status}`);
  return (await response.json()) as Credential;
}

/** Connects when it is mounted in the browser; on the server it only renders. */
export function Live({ url, children }: { url: string; children: ReactNode }) {
  const [queries] = useState(() => new QueryClient());
  const [client] = useState(() => createClient({ url, getToken }));
  return (
    <QueryClientProvider client={queries}>
      <WebSocketProvider client={client}>
        <ConnectionStatus />
        {children}
      </WebSocketProvider>
    </QueryClientProvider>
  );
}
