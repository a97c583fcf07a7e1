import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number, plural } = formats("en");
const requests = (count: number) => plural(count, { one: "# request", other: "# requests" });

/** What deciding several requests says. */
export const bulkTexts = catalogue(
  {
    bar: "Chosen requests",
    chosen: (count: number, most: number) => (count === 0 ? `Choose requests with the boxes or x, ${number(most)} at most` : count >= most ? `${requests(count)} chosen, the most at once` : `${requests(count)} chosen`),
    approve: "Approve…",
    reject: "Reject…",
    done: "Done",
    titles: { approved: (count: number) => `Approve ${requests(count)}?`, rejected: (count: number) => `Reject ${requests(count)}?` },
    /** Of what is chosen, what is not sent. */
    alone: (count: number) => plural(count, { one: "# request of high risk is not among them: its arguments have to be read. Open it to approve it.", other: "# requests of high risk are not among them: their arguments have to be read. Open them to approve them." }),
    list: "The requests",
    reason: "A note to the agents",
    send: { approved: (count: number) => `Approve ${requests(count)}`, rejected: (count: number) => `Reject ${requests(count)}` },
    cancel: "Cancel",
    close: "Close",
    stored: { approved: (count: number) => plural(count, { one: "# request approved", other: "# requests approved" }), rejected: (count: number) => plural(count, { one: "# request rejected", other: "# requests rejected" }) },
    notStored: (count: number) => `Not decided: ${requests(count)}`,
    failed: "The decisions could not be sent. Nothing is lost: send them again.",
  },
  () => import("./bulk-texts.de.js").then(({ german }) => german),
);

