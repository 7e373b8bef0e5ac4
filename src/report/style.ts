// What a terminal can show.

/** Colours that may be used, and the width of a line. */
export interface Style {
  readonly colour: "none" | "256" | "24-bit";
  readonly columns: number;
}

/**
 * The style of an output stream.
 * @param environment NO_COLOR (https://no-color.org), COLORTERM and TERM are asked
 */
export function styleOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const columns = Math.max(40, stream.columns ?? 80);
  const plain = stream.isTTY !== true || (environment.NO_COLOR ?? "") !== "" || environment.TERM === "dumb";
  if (plain) return { colour: "none", columns };
  return { colour: /truecolor|24bit/.test(environment.COLORTERM ?? "") ? "24-bit" : "256", columns };
}

/** A colour: red, green, blue, 0 to 255 each. */
export type Colour = readonly [number, number, number];

/** Text on a background colour. */
export function onColour(text: string, [red, green, blue]: Colour, colour: Style["colour"]): string {
  if (colour === "none") return text;
  if (colour === "24-bit") return `\x1b[48;2;${red};${green};${blue}m${text}\x1b[0m`;
  // The colour cube of 256-colour terminals has six levels per component.
  const level = (value: number) => Math.round(value / 51);
  return `\x1b[48;5;${16 + 36 * level(red) + 6 * level(green) + level(blue)}m${text}\x1b[0m`;
}
