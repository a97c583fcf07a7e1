import type { ReactNode } from "react";
import { Link } from "wouter";
import { useTexts } from "../shared/language.js";
import { CopyBlock } from "./copy-block.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

const demo = "./heliograph up --demo";
const readKey = "read -rs KEY";

/** Asks this server for an approval; the key is in a variable of the shell. */
function curlTo(server: string): string {
  return [
    `curl -s ${server}/v1/approvals \\`,
    `  -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(date +%s%N)" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"title":"Refund order 9?","action":{"name":"refund","args":{"orderId":9,"amount":42}},"risk":"high","expiresIn":600}'`,
  ].join("\n");
}

/** How to get the first request, while the workspace has no agents and no requests. */
export function FirstRun(): ReactNode {
  const texts = useTexts(overviewTexts).firstRun;
  return (
    <div className={styles.firstRun} data-testid="first-run">
      <p>{texts.title}</p>
      <p className={styles.quiet}>{texts.text}</p>
      <section className={styles.panel}>
        <h2>{texts.demo}</h2>
        <p>{texts.demoText}</p>
        <CopyBlock text={demo} what={texts.demo} />
      </section>
      <section className={styles.panel}>
        <h2>{texts.ask}</h2>
        <ol className={styles.steps}>
          <li>{texts.key(<Link href="/settings/api-keys">{texts.keyLink}</Link>)}</li>
          <li>{texts.shell(<code>{readKey}</code>)}</li>
          <li>
            {texts.curl}
            <CopyBlock text={curlTo(location.origin)} what="curl" />
          </li>
          <li>{texts.queue(<Link href="/approvals">{texts.queueLink}</Link>)}</li>
        </ol>
      </section>
    </div>
  );
}
