import { ApiProblem } from "@heliograph/client";
import { WebSocketProvider } from "@heliograph/react";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { AgentPage } from "./agents/agent-page.js";
import { AgentsPage } from "./agents/agents-page.js";
import { ApprovalsPage } from "./approvals/approvals-page.js";
import { NotFound } from "./shared/empty.js";
import { SessionContext } from "./session/session-context.js";
import { resume, signInByCode, type Session } from "./session/session.js";
import { codeIn, SignInPage, type Gate } from "./session/sign-in-page.js";
import { Shell } from "./shell/shell.js";

/** Signs in by link or by the browser's session, then shows the screens. */
export function App(): ReactNode {
  const [session, setSession] = useState<Session | null>(null);
  const [gate, setGate] = useState<Gate>({ state: "checking" });
  const [, navigate] = useLocation();

  const enter = useCallback((opening: Promise<Session | undefined>) => {
    opening.then(
      (opened) => {
        if (opened === undefined) setGate({ state: "signed_out" });
        else setSession(opened);
      },
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        setGate(error instanceof ApiProblem && error.status < 500 ? { state: "signed_out", problem } : { state: "unreachable", problem });
      },
    );
  }, []);

  const again = (open: () => Promise<Session | undefined>) => {
    setGate({ state: "checking" });
    enter(open());
  };

  useEffect(() => {
    const opening = takeOpening();
    if (opening === undefined) return;
    // The code leaves the address bar, and with it the history, before anything else happens.
    if (opening.code !== "") navigate("/", { replace: true });
    enter(opening.code === "" ? resume() : signInByCode(opening.code));
  }, [enter, navigate]);

  if (session === null) return <SignInPage gate={gate} onCode={(code) => again(() => signInByCode(code))} onRetry={() => again(resume)} />;
  return (
    <SessionContext value={session}>
      <WebSocketProvider client={session.client}>
        <Shell>
          <Switch>
            <Route path="/" component={ApprovalsPage} />
            <Route path="/approvals" component={ApprovalsPage} />
            <Route path="/approvals/:id" component={ApprovalsPage} />
            <Route path="/agents" component={AgentsPage} />
            <Route path="/agents/:id">{({ id }) => <AgentPage key={id} id={id} />}</Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Shell>
      </WebSocketProvider>
    </SessionContext>
  );
}

let opened = false;

/** What the page was opened with, once: StrictMode mounts twice, but a code works only once. */
function takeOpening(): { readonly code: string } | undefined {
  if (opened) return undefined;
  opened = true;
  return { code: location.pathname === "/sign-in" ? codeIn(location.hash) : "" };
}
