import { createTheme, type MantineColorsTuple } from "@mantine/core";

const lagoon: MantineColorsTuple = [
  "#eaf6f4",
  "#d3ebe8",
  "#a6d7d1",
  "#75c2b9",
  "#4fb0a5",
  "#379f94",
  "#1f8479",
  "#166f6a",
  "#12615f",
  "#0b4a49",
];

/** Mantine's own surfaces in the same ink and paper as ours. */
const dark: MantineColorsTuple = ["#e6e9ee", "#c3c9d3", "#9ca5b3", "#6f7a8a", "#3b434f", "#2b313a", "#21262e", "#1a1e24", "#15191e", "#121519"];
const gray: MantineColorsTuple = ["#faf9f7", "#f4f2ee", "#ebe8e2", "#dfdbd2", "#d0ccc2", "#aeaaa0", "#868379", "#5c6370", "#3a4150", "#1d2430"];

export const theme = createTheme({
  primaryColor: "lagoon",
  primaryShade: { light: 8, dark: 6 },
  colors: { lagoon, dark, gray },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
  headings: { fontWeight: "620" },
});
