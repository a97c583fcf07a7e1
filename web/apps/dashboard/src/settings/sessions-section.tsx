import { Button } from "@mantine/core";
import type { BrowserSession, Page, RestClient } from "@heliograph/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { DataTable } from "../shared/data-table.js";
import { useTexts } from "../shared/language.js";
import { Confirm } from "./confirm.js";
import { NoRows, Problem } from "./problem.js";
import { Section } from "./section.js";
import { SessionRow } from "./session-row.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** Signed-in browsers: the member's own, for owners and admins those of all members. */
export function SessionsSection(): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity, client } = useSession();
  const { polite } = useAnnouncer();
  const query = useInfiniteQuery({
    queryKey: ["heliograph-sessions"],
    queryFn: ({ pageParam, signal }) => client.rest.sessions(pageParam === "" ? {} : { cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    networkMode: "always",
  });
  const refetch = () => void query.refetch();
  const [asking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const administers = mayAdminister(identity);
  const ended = (message: string) => {
    polite(message);
    refetch();
    requestAnimationFrame(() => heading.current?.focus());
  };
  const endOthers = async () => {
    try {
      const count = await endAllOthers(client.rest, identity.member.id);
      setAsking(false);
      ended(count === 0 ? texts.sessions.noOthers : texts.sessions.othersEnded(count));
    } finally {
      refetch();
    }
  };
  const sessions = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const { member, opened, expires, link, actions } = texts.sessions;
  return (
    <Section
      heading={heading}
      title={texts.sections.sessions}
      text={administers ? texts.sessions.all : texts.sessions.own}
      action={
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.sessions.endOthers}
        </Button>
      }
    >
      {query.data === undefined ? (
        <NoRows error={query.error} onReload={refetch} />
      ) : (
        <DataTable label={texts.sections.sessions} columns={[member, opened, expires, link, actions]} lastIsActions>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} onEnded={() => ended(texts.sessions.ended)} />
          ))}
        </DataTable>
      )}
      {query.hasNextPage && (
        <Button className={styles.more ?? ""} variant="light" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {texts.showMore}
        </Button>
      )}
      {query.data !== undefined && <Problem error={query.error} />}
      {asking && (
        <Confirm title={texts.sessions.othersTitle} submit={texts.sessions.endOthers} onConfirm={endOthers} onClose={() => setAsking(false)}>
          <p>{texts.sessions.othersText}</p>
        </Confirm>
      )}
    </Section>
  );
}

/** Ends the member's sessions but this one, one after the other. Returns how many; rejects at the first that could not be ended. */
async function endAllOthers(rest: RestClient, memberId: string): Promise<number> {
  let ended = 0;
  let cursor: string | undefined;
  do {
    const page: Page<BrowserSession> = await rest.sessions({ memberId, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id } of page.data.filter(({ current }) => !current)) {
      await rest.endSession(id);
      ended += 1;
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ended;
}
