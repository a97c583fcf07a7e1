/** The text of src/contract.ts for a contract given as YAML. */
export function generate(yaml: string): string;
