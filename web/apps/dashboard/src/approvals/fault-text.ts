import type { EditTexts } from "./edit-texts.js";
import type { Fault } from "./field-values.js";

/** What is wrong with a field, in a sentence. */
export function faultText(fault: Fault, { faults }: Pick<EditTexts, "faults">): string {
  return "limit" in fault ? faults[fault.fault](fault.limit) : faults[fault.fault];
}
