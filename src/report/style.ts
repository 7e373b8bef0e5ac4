// What a terminal can show.

/** Colours that may be used, and the width of a line. */
export interface Style {
  readonly colour: "none" | "256" | "24-bit";
  readonly columns: number;
}

/**
 * The style of an output stream.
 * @param environment FORCE_COLOR (https://force-color.org; 0 is none), NO_COLOR (https://no-color.org), COLORTERM and TERM are asked
 */
export function styleOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const columns = Math.max(40, stream.columns ?? 80);
  const { FORCE_COLOR: forced = "", NO_COLOR: none = "", TERM: terminal } = environment;
  const plain = forced === "" ? stream.isTTY !== true || none !== "" || terminal === "dumb" : forced === "0";
  if (plain) return { colour: "none", columns };
  return { colour: /truecolor|24bit/.test(environment.COLORTERM ?? "") ? "24-bit" : "256", columns };
}

/** A background: red, green, blue, 0 to 255 each, and its number where a terminal has 256 colours. */
export interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly number: number;
}

/** A background as bright as this, by the eye, is written on in black. */
const BRIGHT = 110;

/** Text on a background colour, in black or white, whichever can be read on it. */
export function onColour(text: string, { rgb: [red, green, blue], number }: Colour, colour: Style["colour"]): string {
  if (colour === "none") return text;
  // Rec. 601
  const isBright = 0.299 * red + 0.587 * green + 0.114 * blue > BRIGHT;
  if (colour === "24-bit") {
    const ink = isBright ? "0;0;0" : "255;255;255";
    return `\x1b[38;2;${ink};48;2;${red};${green};${blue}m${text}\x1b[0m`;
  }
  return `\x1b[38;5;${isBright ? 16 : 231};48;5;${number}m${text}\x1b[0m`;
}
