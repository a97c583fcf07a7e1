import { render } from "@testing-library/react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { isParseable } from "../src/shared/markdown-limits.js";
import { Markdown } from "../src/shared/markdown.js";

const SIZE = 20_000;

/** The longest text of this kind that is parsed. */
function longest(begin: string, unit: string, end = ""): string {
  const made = (count: number) => begin + unit.repeat(count) + end.repeat(count);
  let low = 0;
  let high = Math.floor((SIZE - begin.length) / (unit.length + end.length));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isParseable(made(middle))) low = middle;
    else high = middle - 1;
  }
  return made(low);
}

const units = [
  "Lorem **ipsum**, [link](https://a.b/c) `code`.\n\n- item\n\n", "word ", "a", "a.", "a-", "a+", "_a", "_a_ ", "__a ", "www.a.b ", "http://a.b/ ", "a@b.c ", "a@", "mailto:a@b.c ", "> a\n", "> a\nb\n", "- a\n",
  "1. a\n", "- - - - - - - a\n", ">>>>>>>> a\n", "- a\n\n", "- [ ] a\n", "[", "[]", "[a]", "[a](b) ", "![a](b) ", "![", "]", "*", "*a ", "*a* ", "**a** ", "a**b", "***a*** ", "*a _b ", "~a ", "~~a~~ ", "`a", "`a` ", "```\n", "```a\nb\n```\n",
  "<", "<a ", "<a>", "<!--", "<?", "<a\n", "<http://a> ", "<a b='c'>", "&", "&amp;", "&#1;", "\\", "\\*", "a|b\n-|-\n", "|a|b|\n", "|", "a\n-\n", "a\n=\n", "---\n", "# a\n", "\n", "a\n", "a  \n", "a\n\n", "    a\n", "\t", " ", "[a]: b\n", "[a]: <b> 'c\n", "[^a] ", "[^a]: b\n", "a\r\n\r\n", ":", "(", '"', "a\u0301", "א", "😀", "\u200B", "a\u202E",
];
const nested = [["[", "](b)"], ["*a ", "b* "], ["**a ", "b** "], ["_a ", "b_ "], ["*a **b ", "c** d* "], ["~~a ", "b~~ "], ["![", "](b)"], ["[a](", ""], ["<", ">"], ["> ", "a\n"]] as const;
const wholes = [
  ">".repeat(3_000), "[".repeat(5_000) + "a" + "](b)".repeat(3_700), "- ".repeat(10_000), "a|".repeat(1_000) + "\n" + "-|".repeat(1_000) + "\n" + "|\n".repeat(8_000), "> ".repeat(8) + "a ".repeat(9_900), "`".repeat(SIZE), "a\n".repeat(SIZE / 2),
  Array.from({ length: 140 }, (_, depth) => `${" ".repeat(2 * depth)}- a\n`).join(""), Array.from({ length: 190 }, (_, length) => "`".repeat(length + 1)).join("a"), `[^a]${" [^a]".repeat(150)}\n\n[^a]: b`, "x".repeat(40_001),
];

/** Each of these took up to 14 s, or ended with a RangeError, before the limits. One after the other they took 30 s; a single one that is not bounded takes more than the bound. */
test("no text of 20 kB keeps the page from answering", () => {
  const texts = [...units.map((unit) => longest("", unit)), ...units.map((unit) => unit.repeat(Math.floor(SIZE / unit.length))), ...nested.map(([begin, end]) => longest("", begin, end)), ...nested.map(([begin, end]) => begin.repeat(2_000) + end.repeat(2_000)), ...[20, 50, 100].map((columns) => longest(`${"a|".repeat(columns)}\n${"-|".repeat(columns)}\n`, "|\n")), ...wholes];
  let slowest = 0;
  for (const text of texts) {
    const begin = performance.now();
    expect(() => renderToStaticMarkup(<Markdown text={text} />)).not.toThrow();
    slowest = Math.max(slowest, performance.now() - begin);
  }
  expect(slowest).toBeLessThan(20_000);
}, 120_000);

describe("limits", () => {
  test.each([
    ["quotes in quotes", ">".repeat(9)],
    ["lists in lists", "- ".repeat(9)],
    ["lists in lists by their indentation", Array.from({ length: 140 }, (_, depth) => `${" ".repeat(2 * depth)}- a\n`).join("")],
    ["brackets", "[".repeat(601)],
    ["emphasis", "*a ".repeat(601)],
    ["lines", "a\n".repeat(601)],
    ["cells", `${"a|".repeat(80)}\n${"-|".repeat(80)}\n${"|\n".repeat(100)}`],
    ["length", "a".repeat(40_001)],
  ])("too many or too deep: %s", (_, text) => expect(isParseable(text)).toBe(false));

  test("what people and agents write is formatted", () => {
    expect(isParseable("Lorem ipsum dolor sit amet.\n\n".repeat(100))).toBe(true);
    expect(isParseable(`# Plan\n\n${"- **step** with `code` and a [link](https://a.b)\n".repeat(50)}`)).toBe(true);
    expect(isParseable(`| a | b | c |\n|---|---|---|\n${"| 1 | 2 | 3 |\n".repeat(50)}`)).toBe(true);
    expect(isParseable("word ".repeat(4_000))).toBe(true);
  });
});

describe("what is shown", () => {
  test("text beyond the limits is there as it is written, and says so", () => {
    const { getByTestId } = render(<Markdown text={">".repeat(3_000)} />);
    expect(getByTestId("plain-text").textContent).toContain(">".repeat(3_000));
    expect(getByTestId("plain-text").textContent).toContain("Shown without formatting");
  });

  test("hidden characters are marked in text, emphasis, code, tables, lists, HTML and alternative texts", () => {
    const x = "a\u202Eb";
    const { container } = render(<Markdown text={`${x} **${x}** \`${x}\` <b>${x}</b> ![${x}](c)\n\n- ${x}\n\n|${x}|\n|-|\n|${x}|\n\n\`\`\`\n${x}\n\`\`\`\n\n[${x}](https://e.f)`} />);
    expect(container.textContent).not.toContain("\u202E");
    expect(container.textContent.match(/aU\+202Eb/g)).toHaveLength(10);
    expect(container.querySelector("strong bdi")).not.toBeNull();
    expect(container.querySelector("b")).toBeNull();
  });

  test("a link names its host unless it is its own text, and warns of hosts that are made to look like others", () => {
    const { container } = render(<Markdown text={"[bank](https://evil.example/bank) https://a.b/ [x](https://bank.com@evil.example/) [y](https://b\u0430nk.com) [z](/sign-in) [w](javascript:alert(1))"} />);
    expect(container.textContent).toContain("bank (evil.example)");
    expect(container.textContent).not.toContain("a.b/ (");
    expect(container.textContent).toContain("x (evil.example what stands before the @ is not the host)");
    expect(container.textContent).toMatch(/y \(xn--\S+ a host with letters outside of ASCII\)/);
    expect(container.textContent).toContain(`z (${location.host})`);
    expect(container.innerHTML).not.toContain("javascript:");
    expect(container.querySelector("a")?.rel).toContain("noopener");
  });
});
