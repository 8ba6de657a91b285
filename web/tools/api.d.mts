export const TARGET: string;
export function generated(): Promise<Record<string, string>>;
export function read(path: string): Promise<Record<string, string>>;
