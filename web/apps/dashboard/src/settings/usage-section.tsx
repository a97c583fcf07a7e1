import { Button } from "@mantine/core";
import type { LimitUse } from "@heliograph/client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { DataTable } from "../shared/data-table.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { NoRows } from "./problem.js";
import { Section } from "./section.js";
import { settingsTexts } from "./texts.js";
import { isNear, UsageRow } from "./usage-row.js";
import { usageTexts } from "./usage-texts.js";
import settings from "./settings.module.css";
import styles from "./usage.module.css";

const scopes: readonly LimitUse["scope"][] = ["workspace", "caller", "agent"];

/** The limits and their use, as they were when they were read. */
export function UsageSection(): ReactNode {
  const { sections } = useTexts(settingsTexts);
  const texts = useTexts(usageTexts);
  const { client } = useSession();
  const { exactTime } = useFormats();
  const query = useQuery({ queryKey: ["heliograph-usage"], queryFn: ({ signal }) => client.rest.usage(signal), networkMode: "always" });
  const { data, error, isFetching, dataUpdatedAt } = query;
  const refresh = () => void query.refetch();
  return (
    <Section
      title={sections.usage}
      text={texts.text}
      action={
        <Button variant="default" loading={isFetching} onClick={refresh}>
          {texts.refresh}
        </Button>
      }
    >
      {data === undefined ? (
        <NoRows error={error} onReload={refresh} />
      ) : (
        <>
          <p role="status" className={styles.head}>
            {summary(data, texts)} <span>{texts.readAt(exactTime(dataUpdatedAt))}</span>
          </p>
          {error !== null && (
            <p className={settings.problem} role="alert">
              {texts.notRefreshed(error.message)}
            </p>
          )}
          {scopes.map((scope) => (
            <Group key={scope} title={texts.scopes[scope]} uses={data.filter((use) => use.scope === scope)} />
          ))}
        </>
      )}
    </Section>
  );
}

function summary(uses: readonly LimitUse[], { warning, calm }: typeof usageTexts.en): string {
  const near = uses.filter(isNear).length;
  return near === 0 ? calm : warning(near);
}

function Group({ title, uses }: { readonly title: string; readonly uses: readonly LimitUse[] }): ReactNode {
  const texts = useTexts(usageTexts);
  if (uses.length === 0) return null;
  return (
    <div className={styles.group}>
      <h3>{title}</h3>
      <DataTable label={title} columns={[texts.limit, texts.used, texts.setting]}>
        {uses.map((use) => (
          <UsageRow key={use.name} use={use} />
        ))}
      </DataTable>
    </div>
  );
}
