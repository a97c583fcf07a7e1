import type { ReactNode } from "react";
import { rich } from "../shared/rich.js";

export const german = {
  extend: "Verlängern",
  menu: "Frist verlängern",
  by: (span: string) => `+ ${span}`,
  extended: (time: string) => `Die Frist ist jetzt ${time}.`,
  failed: (reason: ReactNode) => rich`Die Frist wurde nicht verlängert: ${reason}`,
};
