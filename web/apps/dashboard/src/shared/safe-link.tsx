import { IconAlertTriangle, IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AgentText } from "./agent-text.js";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";
import styles from "./safe-link.module.css";

/** A link of an agent's: its label, the host that it opens, and its address. Only web addresses become links. */
export function SafeLink({ href, label }: { readonly href: string; readonly label: string | undefined }): ReactNode {
  const url = /^https?:\/\//i.test(href) ? parsed(href) : undefined;
  if (url === undefined) {
    return (
      <span className={styles.link}>
        {label !== undefined && <AgentText text={label} kind="line" />}
        <code>
          <AgentText text={href} kind="name" />
        </code>
      </span>
    );
  }
  return (
    <span className={styles.link}>
      <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
        <AgentText text={label ?? href} kind="line" />
      </a>
      <LinkHost url={url} />
      <code>
        <AgentText text={href} kind="name" />
      </code>
    </span>
  );
}

/** Where a link leads: its host in ASCII, with a warning when the address is made to look like another. */
export function LinkHost({ url }: { readonly url: URL }): ReactNode {
  const warning = warningOf(url, useTexts(sharedTexts));
  return (
    <span className={styles.host} data-testid="link-host">
      <IconExternalLink size="1em" stroke={1.8} aria-hidden />
      <span>{url.host}</span>
      {warning !== undefined && (
        <span className={styles.warning}>
          {" "}
          <IconAlertTriangle size="1em" stroke={2} aria-hidden />
          {warning}
        </span>
      )}
    </span>
  );
}

function warningOf(url: URL, texts: { readonly hostBeforeAt: string; readonly hostNotAscii: string }): string | undefined {
  if (url.username !== "" || url.password !== "") return texts.hostBeforeAt;
  if (/(?:^|\.)xn--/i.test(url.hostname)) return texts.hostNotAscii;
  return undefined;
}

/** An address as a URL, relative to the page; undefined when it is none, or none with a host. */
export function parsed(href: string): URL | undefined {
  const url = URL.canParse(href, document.baseURI) ? new URL(href, document.baseURI) : undefined;
  return url?.host === "" ? undefined : url;
}
