import type { ReactNode } from "react";
import { rich } from "./rich.js";

export const german = {
  image: (alt: ReactNode) => rich`[Bild: ${alt}]`,
  part: "Text",
  unformatted: "Ohne Formatierung, denn der Text ist zu groß oder zu tief verschachtelt.",
};
