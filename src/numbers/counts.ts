// Counts as text.

/** `1,234,567`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 cell`, `2 cells`, `1,200 cells`. */
export function countOf(count: number, what: string, plural = `${what}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? what : plural}`;
}
