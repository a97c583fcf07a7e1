import { beforeEach, expect, test } from "vitest";
import { ApiProblem, ContractMismatch, createClient, type HeliographClient } from "../src/index.js";
import { FakeCarriers } from "./fake-carriers.js";

const counts = { created: 3, approved: 2, rejected: 1, responded: 0, expired: 1, cancelled: 0, edited: 1 };
const statistics = {
  from: "2026-01-01T00:00:00Z",
  to: "2026-01-01T01:30:00Z",
  bucket: "hour",
  truncated: false,
  buckets: [
    { at: "2026-01-01T00:00:00Z", ...counts },
    { at: "2026-01-01T01:00:00Z", ...counts },
  ],
  totals: counts,
  medianSecondsToDecide: 42.5,
  expiredShare: 0.25,
  byPeople: 2,
  byRules: 1,
  asOf: "k1:5:x",
};

let carriers: FakeCarriers;
let client: HeliographClient;

beforeEach(() => {
  carriers = new FakeCarriers();
  client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: carriers.overrides });
});

test("statistics are as the server sends them, without what it does not send", async () => {
  carriers.answer("/v1/statistics/decisions", statistics);

  expect(await client.rest.decisionStatistics({ bucket: "hour", agentId: "agt_1" })).toEqual(statistics);
  expect(carriers.asked).toContain("/v1/statistics/decisions?bucket=hour&agentId=agt_1");
});

test.each([
  ["no buckets", { ...statistics, buckets: undefined }, "list of buckets"],
  ["a bucket without its time", { ...statistics, buckets: [counts] }, "no at"],
  ["another bucket", { ...statistics, bucket: "week" }, "hour or day"],
  ["a count that is no number", { ...statistics, totals: { ...counts, expired: "1" } }, "number of expired"],
  ["a share that is no number", { ...statistics, expiredShare: "0.25" }, "number of expiredShare"],
  ["no totals", { ...statistics, totals: undefined }, "totals of the statistics is no object"],
])("an answer with %s does not match the contract", async (_, body, message) => {
  carriers.answer("/v1/statistics/decisions", body);

  const error = await client.rest.decisionStatistics().catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ContractMismatch);
  expect(String(error)).toContain(message);
});

test("a server without statistics is answered with its problem", async () => {
  carriers.answer("/v1/statistics/decisions", { code: "not_found", status: 404, title: "Not found" }, 404);

  const error = await client.rest.decisionStatistics().catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ApiProblem);
});
