import { Button } from "@mantine/core";
import type { Member, RestClient } from "@heliograph/client";
import type { ReactNode } from "react";
import { codeIn } from "../session/code-in.js";
import { useSession } from "../session/session-context.js";
import { previewCode } from "../session/session.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { CopyField } from "./copy-field.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** A sign-in link, which is only here. */
export interface MadeLink {
  readonly member: Member;
  readonly url: string;
  /** Undefined when the server did not say. */
  readonly expiresAt: string | undefined;
}

/** Makes a sign-in link for a member. When it ends is asked for in a second request, which does not use the link up. */
export async function makeLink(rest: RestClient, member: Member): Promise<MadeLink> {
  const url = await rest.makeSignInLink(member.id);
  const expiresAt = await previewCode(codeIn(url)).then(
    (preview) => preview.expiresAt,
    () => undefined,
  );
  return { member, url, expiresAt };
}

/** Shows a sign-in link, once. */
export function SignInLink({ link: { member, url, expiresAt }, onClose }: { readonly link: MadeLink; readonly onClose: () => void }): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity } = useSession();
  const { dateTime } = useFormats();
  return (
    <Dialog title={texts.link.title(markedText(member.name, "name"))} onClose={onClose}>
      <div className={styles.form}>
        <p>
          {texts.link.text} {expiresAt !== undefined && texts.link.expires(dateTime(expiresAt))}
        </p>
        <CopyField label={texts.link.label} text={url} />
        {member.id !== identity.member.id && <p className={styles.hint}>{texts.link.marked}</p>}
        <DialogButtons>
          <Button onClick={onClose}>{texts.close}</Button>
        </DialogButtons>
      </div>
    </Dialog>
  );
}
