// Words of a command line that a shell reads.

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Words of a POSIX shell command. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
