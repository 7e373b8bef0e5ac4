// Names of servers inside commands and markup.

/** A name inside an XML comment, which two hyphens would end. */
export function commentText(name: string): string {
  return onOneLine(name.replaceAll("--", "- -"));
}

/** A name in a comment that ends with its line. */
export function onOneLine(name: string): string {
  return name.replace(/\p{Cc}/gu, " ");
}
