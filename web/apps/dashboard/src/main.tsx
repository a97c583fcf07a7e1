import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@heliograph/react/connection-status.css";
import "./global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { Boundary } from "./shared/boundary.js";
import { LanguageProvider } from "./shared/language-provider.js";
import { createQueries } from "./queries.js";
import { Toasts } from "./shell/toasts.js";
import { theme } from "./theme.js";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

const queries = createQueries();

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <Suspense>
            <Toasts />
            <Boundary name="Heliograph">
              <App />
            </Boundary>
          </Suspense>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
