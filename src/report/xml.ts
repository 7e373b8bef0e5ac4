// Text inside SVG and other XML.

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text on one line, as content or attribute; characters that XML does not know become a replacement character. */
export function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd").replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** The same of a text of several lines, tabs included. */
export function escapedLines(text: string): string {
  return text.replace(/[^\t\r\n]+/g, escaped);
}
