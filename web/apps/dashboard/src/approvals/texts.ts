import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("en");

/** What the queue says. */
export const approvalsTexts = catalogue(
  {
    title: "Approvals",
    lists: "Lists",
    tabs: {
      pending: { label: "Pending", list: "Pending requests", empty: "You're all caught up", emptyText: "New requests appear here automatically." },
      mine: {
        label: "Mine",
        list: "Requests that you have claimed",
        empty: "You have claimed no requests",
        emptyText: "A request is claimed while you have it open, or when you press c. Others see then that you are on it.",
      },
      decided: { label: "Decided", list: "Decided requests", empty: "No decided requests", emptyText: "Requests that are approved, rejected or cancelled appear here." },
      expired: { label: "Expired", list: "Expired requests", empty: "No expired requests", emptyText: "Requests that nobody decided in time appear here." },
      all: { label: "All", list: "All requests", empty: "No requests yet", emptyText: "A request appears here as soon as an agent makes one." },
    },
    inWorkspace: (count: number) => `${number(count)} in the workspace`,
    nonePending: "none pending",
    pending: (count: number) => `${number(count)} pending`,
    critical: (count: number) => `${number(count)} critical`,
    new: (count: number) => `${number(count)} new`,
    /** Names of parts of the page, for what could not be shown. */
    parts: { queue: "The queue", request: "The request", filter: "The filter", bulk: "The chosen requests" },
    request: "Request",
    noneOpen: "No request is open",
    noneOpenText: "A request that you open is shown here.",
    noneChosen: "Choose a request",
    noneChosenText: "Read the action, then approve or reject it.",
    allRequests: "All requests",
    loadingRequest: "Loading the request",
    sending: "Sending…",
    left: (time: string) => `${time} left`,
    expires: (time: string) => `Expires ${time}`,
    expiredMaybe: "Expired?",
    outcomes: {
      pending: "Pending",
      approved: "Approved",
      changed: "Approved with changes",
      rejected: "Rejected",
      answered: "Answered",
      cancelled: "Cancelled",
      expired: "Expired",
    },
    by: (outcome: string, name: string) => `${outcome} by ${name}`,
    byYou: (outcome: string) => `${outcome} by you`,
    you: "You",
    filters: "Filters",
    filterLabels: { risk: "Risk", agentId: "Agent", action: "Action", tag: "Tag", time: "Created", by: "Decided by" },
    filterValue: (label: string, value: ReactNode) => rich`${label}: ${value}`,
    clearFilters: "Clear filters",
    riskValues: { critical: "critical", high: "high", medium: "medium", low: "low" },
    periodValues: { hour: "last hour", today: "today", week: "last 7 days" },
    before: (time: string) => `before ${time}`,
    since: (time: string) => `since ${time}`,
    choose: (title: string) => `Choose: ${title}`,
    decidedAlone: (title: string) => `Critical, decided alone: ${title}`,
    chooseMany: "Select",
    search: "Search",
    searchLabel: "Search the requests",
    order: "Order",
    orders: { expiresAt: "Most urgent", "-risk": "Highest risk", "-createdAt": "Newest" },
    moreNotLoaded: "More requests could not be loaded.",
    /** `total` is absent when it is not known. */
    lookedThrough: (shown: number, total?: number) => `Only the first ${of(shown, total)} pending requests were looked through.`,
    shown: (shown: number, total?: number) => `${of(shown, total)} requests are shown.`,
    showMore: "Show more",
    notLoaded: "The requests could not be loaded",
    reload: "Reload",
    noMatch: "No matching requests",
    noMatchText: "New requests can be found two seconds after they are made.",
    clearSearch: "Clear search",
    noneFiltered: "No requests match the filters",
    noneFilteredText: "There may be others without them.",
    loading: "Loading the requests",
  },
  () => import("./texts.de.js").then(({ german }) => german),
);

export type ApprovalsTexts = typeof approvalsTexts.en;

function of(shown: number, total: number | undefined): string {
  return total === undefined ? number(shown) : `${number(shown)} of ${number(total)}`;
}
