import type { SavedView } from "@heliograph/client";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useId, type ReactNode } from "react";
import { Link } from "wouter";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { viewsTexts } from "./texts.js";
import { useViews } from "./use-views.js";
import type { ViewsProps } from "./views.js";
import styles from "./views-menu.module.css";

interface ViewsListProps extends ViewsProps {
  /** A view is shown now. */
  readonly onChosen: () => void;
  readonly onSave: () => void;
  readonly onEdit: (view: SavedView) => void;
  readonly onDelete: (view: SavedView) => void;
}

/** The member's own views of a screen, and those that others share. */
export function ViewsList({ screen, onSave, ...list }: ViewsListProps): ReactNode {
  const texts = useTexts(viewsTexts);
  const { identity } = useSession();
  const { views, error, refetch } = useViews();
  const known = (views ?? []).filter((view) => view.screen === screen);
  const own = known.filter(({ owner }) => owner.id === identity.member.id);
  return (
    <>
      <button type="button" className={styles.save} onClick={onSave}>
        <IconPlus size={16} stroke={1.8} aria-hidden /> {texts.save}
      </button>
      {views === undefined && error === null && (
        <p className={styles.note} role="status">
          {texts.loading}
        </p>
      )}
      {error !== null && (
        <>
          <p className={styles.note} role="alert">
            {texts.notLoaded(error.message)}
          </p>
          <button type="button" className={styles.save} onClick={refetch}>
            {texts.reload}
          </button>
        </>
      )}
      {views !== undefined && known.length === 0 && <p className={styles.note}>{texts.none}</p>}
      <Group title={texts.own} views={own} {...list} />
      <Group title={texts.others} views={known.filter((view) => !own.includes(view))} {...list} />
    </>
  );
}

interface GroupProps extends Omit<ViewsListProps, "screen" | "onSave"> {
  readonly title: string;
  readonly views: readonly SavedView[];
}

function Group({ title, views, search, hrefOf, onChosen, onEdit, onDelete }: GroupProps): ReactNode {
  const texts = useTexts(viewsTexts);
  const { identity } = useSession();
  const id = useId();
  if (views.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {views.map((view) => {
          const own = view.owner.id === identity.member.id;
          const name = markedText(view.name, "line");
          return (
            <li key={view.id} className={styles.row} data-view-id={view.id}>
              <Link href={hrefOf(view.query)} aria-current={hrefOf(view.query) === hrefOf(search)} onClick={onChosen}>
                <AgentText text={view.name} kind="line" />{" "}
                {own ? (
                  view.shared && <span className={styles.minor}>{texts.shared}</span>
                ) : (
                  <span className={styles.minor}>
                    <AgentText text={texts.by(view.owner.name)} kind="line" />
                  </span>
                )}
              </Link>
              {(own || mayAdminister(identity)) && (
                <>
                  <button type="button" className={styles.icon} aria-label={texts.edit(name)} title={texts.edit(name)} onClick={() => onEdit(view)}>
                    <IconPencil size={16} stroke={1.8} aria-hidden />
                  </button>
                  <button type="button" className={styles.icon} aria-label={texts.delete(name)} title={texts.delete(name)} onClick={() => onDelete(view)}>
                    <IconTrash size={16} stroke={1.8} aria-hidden />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
