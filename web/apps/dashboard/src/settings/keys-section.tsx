import { Button, Checkbox } from "@mantine/core";
import type { ApiKey, ShownApiKey } from "@heliograph/client";
import { useAgents, useMembers } from "@heliograph/react";
import { useQuery } from "@tanstack/react-query";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useRef, useState, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { DataTable } from "../shared/data-table.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { useServerNow } from "../shared/time.js";
import { markedText } from "../shared/unicode.js";
import { Confirm } from "./confirm.js";
import { KeyRow, stateOf } from "./key-row.js";
import { NewKey } from "./new-key.js";
import { NoRows } from "./problem.js";
import { RotateKey } from "./rotate-key.js";
import { Section } from "./section.js";
import { ShownKey } from "./shown-key.js";
import { settingsTexts } from "./texts.js";

type Open =
  | { readonly dialog: "new" }
  | { readonly dialog: "shown"; readonly shown: ShownApiKey }
  | { readonly dialog: "rotate"; readonly key: ApiKey }
  | { readonly dialog: "revoke"; readonly key: ApiKey };

/** The API keys of the workspace. A key's secret is held only by the dialog that shows it. */
export function KeysSection(): ReactNode {
  const texts = useTexts(settingsTexts);
  const { client } = useSession();
  const { polite } = useAnnouncer();
  const query = useQuery({ queryKey: ["heliograph-api-keys"], queryFn: ({ signal }) => client.rest.apiKeys(signal), networkMode: "always" });
  const refetch = () => void query.refetch();
  const { agents } = useAgents();
  const { members } = useMembers();
  const now = useServerNow(15_000);
  const [open, setOpen] = useState<Open>();
  const [ended, setEnded] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => setOpen(undefined);
  const onShown = (shown: ShownApiKey) => {
    setOpen({ dialog: "shown", shown });
    refetch();
  };
  const revoke = async (key: ApiKey) => {
    await client.rest.revokeApiKey(key.id);
    close();
    polite(texts.keys.wasRevoked(markedText(key.name, "name")));
    refetch();
    requestAnimationFrame(() => heading.current?.focus());
  };
  const all = [...(query.data ?? [])].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const shown = all.filter((key) => ended || stateOf(key, now) === "active");
  const endedCount = all.filter((key) => stateOf(key, now) !== "active").length;
  const { name, scopes, agents: agentsColumn, created, expires, actions } = texts.keys;
  return (
    <Section
      heading={heading}
      title={texts.sections["api-keys"]}
      text={texts.keys.text}
      action={
        query.data !== undefined && (
          <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setOpen({ dialog: "new" })}>
            {texts.keys.create}
          </Button>
        )
      }
    >
      {query.data === undefined ? (
        <NoRows error={query.error} onReload={refetch} />
      ) : (
        <>
          {endedCount > 0 && <Checkbox label={texts.keys.showEnded(endedCount)} checked={ended} onChange={(event) => setEnded(event.currentTarget.checked)} />}
          {shown.length === 0 ? (
            <Empty icon={<IconKey size={28} stroke={1.5} />} title={texts.keys.none}>
              {texts.keys.noneText}
            </Empty>
          ) : (
            <DataTable label={texts.sections["api-keys"]} columns={[name, scopes, agentsColumn, created, expires, actions]} lastIsActions>
              {shown.map((row) => (
                <KeyRow
                  key={row.id}
                  apiKey={row}
                  state={stateOf(row, now)}
                  agents={agents.filter((agent) => agent.owner?.keyId === row.lineage).length}
                  maker={row.owner === undefined ? undefined : (members.find((member) => member.id === row.owner)?.name ?? row.owner)}
                  onRotate={() => setOpen({ dialog: "rotate", key: row })}
                  onRevoke={() => setOpen({ dialog: "revoke", key: row })}
                />
              ))}
            </DataTable>
          )}
        </>
      )}
      {open?.dialog === "new" && <NewKey onShown={onShown} onClose={close} />}
      {open?.dialog === "shown" && <ShownKey shown={open.shown} onClose={close} />}
      {open?.dialog === "rotate" && <RotateKey apiKey={open.key} onShown={onShown} onClose={close} />}
      {open?.dialog === "revoke" && (
        <Confirm title={texts.revocation.title(markedText(open.key.name, "name"))} submit={texts.revocation.submit} onConfirm={() => revoke(open.key)} onClose={close}>
          <p>{texts.revocation.text}</p>
        </Confirm>
      )}
    </Section>
  );
}
