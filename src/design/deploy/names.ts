// Names of servers inside commands, paths and markup. A scenario may call a server anything.

/** A name in a comment that ends with its line, and on a terminal. */
export function onOneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, " ");
}

/** A name inside an XML comment, which two hyphens would end. */
export function commentText(name: string): string {
  return onOneLine(name).replace(/-(?=-)/g, "- ");
}

/** What a comment says beside a name of the CPU that the server is pinned to. */
export function cpuText(cpu: number | undefined): string {
  return cpu === undefined ? "" : `, CPU ${cpu}`;
}

/** Why a name cannot stand as a word of a command, which would take it for an option; null: it can. */
export function whyNoWord(name: string): string | null {
  if (name !== onOneLine(name)) return "has characters that cannot be seen";
  return name === "" || name.startsWith("-") ? "begins like an option" : null;
}

/** Why a name cannot be that of a directory; null: it can. */
export function whyNoDirectory(name: string): string | null {
  if (name === "." || name === ".." || name.includes("/")) return "is no name of a directory";
  return whyNoWord(name);
}

/** Why a name cannot be that of a container; null: it can. */
export function whyNoContainer(name: string): string | null {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)
    ? null
    : "is no name of a container (two or more letters, digits, _ . -)";
}

/** A name as systemd writes it in that of a unit (systemd-escape). */
export function unitName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return [...bytes]
    .map((byte, i) => {
      const letter = String.fromCharCode(byte);
      if (letter === "/") return "-";
      return /[A-Za-z0-9:_.]/.test(letter) && !(i === 0 && letter === ".")
        ? letter
        : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
