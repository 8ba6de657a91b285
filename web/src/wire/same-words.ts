/** Whether what the server took is what was typed: it tidies blanks, marks and letters made of several characters. */
export function sameWords(typed: string, taken: string): boolean {
  return typed === taken || words(typed) === words(taken);
}

function words(text: string): string {
  return text.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
