/** The text of src/wire/generated.ts as wire/schema.json has it now. */
export function generate(): Promise<string>;
