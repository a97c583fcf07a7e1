import { describe, expect, test } from "vitest";
import { formats } from "../src/shared/formats.js";
import { browserLanguage, localeOf } from "../src/shared/language.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, "0 s", "0 s"],
  [3 * SECOND, "3 s", "3 s"],
  [59.6 * SECOND, "1 min", "1 Min."],
  [4 * MINUTE, "4 min", "4 Min."],
  [2 * HOUR, "2 h", "2 Std."],
  [47 * HOUR, "47 h", "47 Std."],
  [5 * DAY, "5 d", "5 Tg."],
  [1_200 * DAY, "1,200 d", "1.200 Tg."],
])("a span of %i ms", (span, english, german) => {
  expect([formats("en").span(span), formats("de").span(span)]).toEqual([english, german]);
});

describe("numbers and times are of the language", () => {
  test("numbers", () => {
    expect([formats("en").number(12_345), formats("de").number(12_345)]).toEqual(["12,345", "12.345"]);
  });

  test("plurals", () => {
    const texts = { one: "# line", other: "# lines" };
    expect([0, 1, 2, 1_000].map((count) => formats("en").plural(count, texts))).toEqual(["0 lines", "1 line", "2 lines", "1,000 lines"]);
  });

  test("times, to the second where it is asked for", () => {
    const instant = new Date(2026, 10, 30, 9, 15, 42).getTime();
    expect(formats("de").dateTime(instant)).toBe("30.11.2026, 09:15");
    expect(formats("de").exactTime(instant)).toBe("30.11.2026, 09:15:42");
  });
});

test("the language is the first of the browser's that there is", () => {
  expect(browserLanguage(["fr-FR", "de-AT", "en"])).toBe("de");
  expect(browserLanguage(["fr", "den"])).toBe("en");
  expect(localeOf("de", ["fr", "de-AT"])).toBe("de-AT");
});
