import { IconAlertTriangle } from "@tabler/icons-react";
import { memo, useState, type ReactNode } from "react";
import { useTexts } from "./language.js";
import { sharedTexts } from "./texts.js";
import { isSuspicious, piecesOf, type TextKind } from "./unicode.js";
import styles from "./agent-text.module.css";

interface AgentTextProps {
  readonly text: string;
  readonly kind: TextKind;
}

/**
 * Text of an agent or another person. Its direction stays its own; what would not be seen is shown as its code, such as `U+202E`, and a
 * sign behind the text says so. All such text is shown by this component.
 */
export const AgentText = memo(function AgentText({ text, kind }: AgentTextProps): ReactNode {
  const { andMore } = useTexts(sharedTexts);
  const pieces = piecesOf(text, kind, andMore);
  return (
    <bdi className={styles.text}>
      {pieces.map((piece, index) =>
        piece.kind === "plain" ? (
          piece.text
        ) : (
          <span key={index}>
            {piece.kind === "lookalike" && <span className={styles.letter}>{piece.text}</span>}
            <span className={styles.mark} data-mark={piece.kind}>
              {piece.mark}
            </span>
          </span>
        ),
      )}
      {pieces.some((piece) => piece.kind !== "plain") && <Sign />}
    </bdi>
  );
});

function Sign(): ReactNode {
  const texts = useTexts(sharedTexts);
  return (
    <span className={styles.sign}>
      <IconAlertTriangle size="1em" stroke={2} aria-hidden />
      <span className="visually-hidden"> {texts.hasHidden}</span>
    </span>
  );
}

/** Characters of a folded text that stay visible at its beginning and at its end. */
const HEAD = 600;
const TAIL = 200;

/** The same, with the middle of a long text folded until its length is clicked. */
export function FoldedText({ text, kind }: AgentTextProps): ReactNode {
  const texts = useTexts(sharedTexts);
  const [open, setOpen] = useState(false);
  const head = cut(text, HEAD);
  const tail = cut(text, text.length - TAIL);
  if (open || tail - head < HEAD) return <AgentText text={text} kind={kind} />;
  return (
    <>
      <AgentText text={text.slice(0, head)} kind={kind} />
      <button type="button" className={styles.fold} onClick={() => setOpen(true)}>
        {texts.showAll(text.length)}
      </button>
      <AgentText text={text.slice(tail)} kind={kind} />
      {isSuspicious(text.slice(head, tail), kind) && <Sign />}
    </>
  );
}

/** The index, or one shortly before it that is not in the middle of a character or beside a space. */
function cut(text: string, index: number): number {
  let at = index;
  while (index - at < 40 && /[\s\p{M}\uDC00-\uDFFF\u200D]/u.test(text.slice(at - 1, at + 1))) at--;
  return at;
}

/** Says above a request or a message what the marks in it mean; nothing when there are none. */
export function HiddenTextWarning({ texts }: { readonly texts: readonly (readonly [string | undefined, TextKind])[] }): ReactNode {
  const [before, after] = useTexts(sharedTexts).hiddenWarning;
  if (!texts.some(([text, kind]) => text !== undefined && isSuspicious(text, kind))) return null;
  return (
    <p className={styles.warning} role="note" data-testid="hidden-text-warning">
      <IconAlertTriangle size={17} stroke={1.8} aria-hidden />
      <span>
        {before} <span className={styles.mark}>U+202E</span>. {after}
      </span>
    </p>
  );
}
