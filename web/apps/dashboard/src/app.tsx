import { ApiProblem, Unreachable } from "@heliograph/client";
import { WebSocketProvider } from "@heliograph/react";
import { Suspense, useCallback, useEffect, useState, type ReactNode } from "react";
import { Route, Switch, useLocation } from "wouter";
import { ApprovalsPage } from "./approvals/approvals-page.js";
import { Boundary } from "./shared/boundary.js";
import { NotFound } from "./shared/empty.js";
import { useTexts } from "./shared/language.js";
import { lazyPart } from "./shared/lazy-part.js";
import { whenIdle } from "./shared/when-idle.js";
import { SessionContext } from "./session/session-context.js";
import { currentSession, openSession, previewCode, signInByCode, type Session } from "./session/session.js";
import { codeIn } from "./session/code-in.js";
import type { Gate } from "./session/gate.js";
import { SignInPage } from "./session/sign-in-page.js";
import { Shell } from "./shell/shell.js";
import { shellTexts } from "./shell/texts.js";

const overviewPage = lazyPart(() => import("./overview/overview-page.js").then(({ OverviewPage }) => OverviewPage));
const agentsPage = lazyPart(() => import("./agents/agents-page.js").then(({ AgentsPage }) => AgentsPage));
const agentPage = lazyPart(() => import("./agents/agent-page.js").then(({ AgentPage }) => AgentPage));
const activityPage = lazyPart(() => import("./activity/activity-page.js").then(({ ActivityPage }) => ActivityPage));
const settingsPage = lazyPart(() => import("./settings/settings-page.js").then(({ SettingsPage }) => SettingsPage));

/** Signs in by link after a confirmation, or by the browser's session, then shows the screens. */
export function App(): ReactNode {
  const { parts } = useTexts(shellTexts);
  const [session, setSession] = useState<Session | null>(null);
  const [gate, setGate] = useState<Gate>({ state: "checking" });
  const [, navigate] = useLocation();

  /** Shows the error: of the link, which does not change the browser's session, or of the request. */
  const fail = useCallback(async (error: unknown, code: string) => {
    const problem = error instanceof Error ? error.message : String(error);
    const refused = error instanceof ApiProblem && error.status < 500 && error.status !== 429;
    if (!refused) setGate({ state: "waiting", answered: error instanceof ApiProblem, code, ...(error instanceof Unreachable ? {} : { problem }) });
    else setGate({ state: "signed_out", problem, current: await currentSession().catch(() => undefined) });
  }, []);

  /** Asks for a confirmation of a link's code; without a code, continues with the browser's session. */
  const begin = useCallback(
    (code: string) => {
      const beginning = async () => {
        if (code !== "") { setGate({ state: "asking", code, preview: await previewCode(code), busy: false }); return; }
        const current = await currentSession();
        if (current === undefined) setGate({ state: "signed_out" });
        else setSession(openSession(current));
      };
      beginning().catch((error: unknown) => fail(error, code));
    },
    [fail],
  );

  const again = (code: string) => {
    setGate({ state: "checking" });
    begin(code);
  };

  const signIn = (code: string) => {
    setGate((before) => (before.state === "asking" ? { ...before, busy: true } : before));
    signInByCode(code).then(
      (signedIn) => setSession(openSession(signedIn)),
      (error: unknown) => fail(error, code),
    );
  };

  useEffect(() => {
    const opening = takeOpening();
    if (opening === undefined) return;
    // Removes the code from the address bar and the history first. Who comes by a link, comes to decide.
    if (location.pathname === "/sign-in") navigate("/approvals", { replace: true });
    begin(opening.code);
  }, [begin, navigate]);

  useEffect(
    () =>
      whenIdle(() => {
        overviewPage.preload();
        agentsPage.preload();
        agentPage.preload();
      }),
    [],
  );

  if (session === null) return <SignInPage gate={gate} onCode={again} onSignIn={signIn} onStay={() => again("")} onRetry={again} />;
  return (
    <SessionContext value={session}>
      <WebSocketProvider client={session.client}>
        <Shell>
          <Switch>
            <Route path="/approvals" component={ApprovalsPage} />
            <Route path="/approvals/:id" component={ApprovalsPage} />
            <Route path="/">
              <Boundary name={parts.overview}>
                <Suspense>
                  <overviewPage.Part />
                </Suspense>
              </Boundary>
            </Route>
            <Route path="/agents">
              <Boundary name={parts.agents}>
                <Suspense>
                  <agentsPage.Part />
                </Suspense>
              </Boundary>
            </Route>
            <Route path="/agents/:id">
              {({ id }) => (
                <Boundary key={id} name={parts.agent}>
                  <Suspense>
                    <agentPage.Part id={id} />
                  </Suspense>
                </Boundary>
              )}
            </Route>
            <Route path="/activity">
              <Boundary name={parts.activity}>
                <Suspense>
                  <activityPage.Part />
                </Suspense>
              </Boundary>
            </Route>
            <Route path="/settings/:section?">
              {({ section }) => (
                <Boundary key={section} name={parts.settings}>
                  <Suspense>
                    <settingsPage.Part section={section} />
                  </Suspense>
                </Boundary>
              )}
            </Route>
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

/** Reads the code in the page's address, once: StrictMode mounts twice, and a code works only once. */
function takeOpening(): { readonly code: string } | undefined {
  if (opened) return undefined;
  opened = true;
  return { code: location.pathname === "/sign-in" ? codeIn(location.hash) : "" };
}
