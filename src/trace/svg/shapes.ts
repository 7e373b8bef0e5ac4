// Shapes of the pictures as SVG path data, and text that is safe in SVG.

/** A number of pixels, to a hundredth. */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A box; the shortest that can be seen is half a pixel. */
export function box(from: number, to: number, y: number, height: number): string {
  return `M${pixels(from)} ${pixels(y)}H${pixels(Math.max(to, from + 0.5))}V${pixels(y + height)}H${pixels(from)}z`;
}

/** An arrow up from (x, y). */
export function arrowUp(x: number, y: number, height: number): string {
  return `M${pixels(x)} ${pixels(y)}v${-height}m-3 5l3 -5l3 5`;
}

/** A triangle whose point is at (x, y + 8). */
export function triangleDown(x: number, y: number): string {
  return `M${pixels(x - 4)} ${pixels(y)}h8l-4 8z`;
}

/** A disc around (x, y). */
export function disc(x: number, y: number, radius: number): string {
  const arc = `a${radius} ${radius} 0 1 0`;
  return `M${pixels(x - radius)} ${pixels(y)}${arc} ${2 * radius} 0${arc} ${-2 * radius} 0z`;
}

/** A diagonal cross around (x, y). */
export function cross(x: number, y: number): string {
  return `M${pixels(x - 4)} ${pixels(y - 4)}l8 8m0 -8l-8 8`;
}

export function square(x: number, y: number): string {
  return `M${pixels(x - 3.5)} ${pixels(y - 3.5)}h7v7h-7z`;
}

/** At most so many characters, the last of which then is an ellipsis. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}\u2026` : text;
}
