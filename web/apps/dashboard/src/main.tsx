import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@heliograph/react/connection-status.css";
import "./global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { Boundary } from "./shared/boundary.js";
import { createQueries } from "./queries.js";
import { theme } from "./theme.js";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

const queries = createQueries();

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" limit={3} />
        <Boundary name="Heliograph">
          <App />
        </Boundary>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
