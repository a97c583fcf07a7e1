import { Children, isValidElement, memo, type ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { AgentText } from "./agent-text.js";
import { Boundary } from "./boundary.js";
import { isParseable } from "./markdown-limits.js";
import { useTexts } from "./language.js";
import { markdownTexts } from "./markdown-texts.js";
import { LinkHost, parsed } from "./safe-link.js";
import styles from "./markdown.module.css";

interface Node {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

/** An element that stands for a piece of text in the tree; `components` shows it. */
const PIECE = "bdi";

/** Wraps each piece of text in an element. HTML is text. The depth is bounded by `isParseable`. */
function separateText() {
  return (tree: Node): void => {
    tree.children = (tree.children ?? []).map((child) => {
      if (child.type === "text" || child.type === "raw") return /^\s*$/.test(child.value ?? "") ? { ...child, type: "text" } : piece(child);
      separateText()(child);
      return child;
    });
  };
}

function piece({ value = "" }: Node): Node {
  return { type: "element", tagName: PIECE, properties: {}, children: [{ type: "text", value }] };
}

/** Links open in a new tab without a referrer, with their host beside them. Images are not loaded, because a request would reveal that the page was opened. */
const components: Components = {
  [PIECE]: ({ children }) => <AgentText text={textOf(children)} kind="prose" />,
  a: ({ href, children }) => {
    const url = href === undefined || href === "" || href.startsWith("#") ? undefined : parsed(href);
    return (
      <>
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
        {url !== undefined && textOf(children) !== href && (
          <span className={styles.host}>
            {" "}
            (<LinkHost url={url} />)
          </span>
        )}
      </>
    );
  },
  img: ({ alt, src }) => <NamedImage text={alt ?? (typeof src === "string" ? src : "")} />,
};

function NamedImage({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(markdownTexts);
  return <span>{texts.image(<AgentText text={text} kind="line" />)}</span>;
}

function textOf(children: ReactNode): string {
  return Children.toArray(children)
    .map((child) => (typeof child === "string" ? child : isValidElement<{ children?: ReactNode; text?: string }>(child) ? (child.props.text ?? textOf(child.props.children)) : ""))
    .join("");
}

/** Markdown that an agent wrote. HTML in it is shown as text, and only web addresses become links. What is too large or too deep is shown as it is written. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(markdownTexts);
  if (!isParseable(text)) return <PlainText text={text} />;
  return (
    <Boundary name={texts.part} fallback={<PlainText text={text} />}>
      <div className={styles.markdown}>
        <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[separateText]} components={components}>
          {text}
        </ReactMarkdown>
      </div>
    </Boundary>
  );
});

function PlainText({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(markdownTexts);
  return (
    <div className={styles.markdown} data-testid="plain-text">
      <p className={styles.plain}>
        <AgentText text={text} kind="prose" />
      </p>
      <p className={styles.note}>{texts.unformatted}</p>
    </div>
  );
}
