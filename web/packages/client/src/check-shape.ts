import type { Contract } from "./contract.js";
import { ContractMismatch } from "./problem.js";
import type { Shape } from "./shape.js";
import { mismatch } from "./validation.js";

/** Throws ContractMismatch that names `what` and the field when the value does not have the shape. */
export function checkShape(value: unknown, shape: Shape<keyof Contract>, what: string): void {
  const problem = mismatch(value, shape, what);
  if (problem !== undefined) throw new ContractMismatch(problem);
}
