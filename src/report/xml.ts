// Text inside SVG and other XML.

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** What XML does not know, and the controls that it discourages; tabs and line ends are text. */
const UNKNOWN = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/** A text as content or attribute; characters that XML does not know become a replacement character. */
export function escaped(text: string): string {
  return text.replace(UNKNOWN, "\ufffd").replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
