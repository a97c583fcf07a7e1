import { Suspense, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { lazyPart } from "../shared/lazy-part.js";
import type { Screen } from "./view-path.js";
import styles from "./views.module.css";

export interface ViewsProps {
  readonly screen: Screen;
  /** The search string of what is shown now. */
  readonly search: string;
  /** The address that shows a view with this search string. */
  readonly hrefOf: (search: string) => string;
}

const viewsMenu = lazyPart(() => import("./views-menu.js").then(({ ViewsMenu }) => ViewsMenu));

/** The saved views of a screen. Their code is loaded behind the screen's; its place is held. */
export function Views(props: ViewsProps): ReactNode {
  return (
    <div className={styles.place}>
      <Boundary name={props.screen} fallback={null}>
        <Suspense>
          <viewsMenu.Part {...props} />
        </Suspense>
      </Boundary>
    </div>
  );
}
