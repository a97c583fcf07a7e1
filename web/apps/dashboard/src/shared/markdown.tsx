import type { ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import styles from "./markdown.module.css";

/** Links open in a new tab without a referrer. Images are not loaded, because a request would reveal that the page was opened. */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ alt, src }) => <span>[image: {alt ?? (typeof src === "string" ? src : "")}]</span>,
};

/** Markdown that an agent wrote. HTML in it is shown as text, and only web addresses become links. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
