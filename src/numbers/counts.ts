// Counts and sizes as text.

/** `1,234,567`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 cell`, `2 cells`, `1,200 cells`. */
export function countOf(count: number, what: string, plural = `${what}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? what : plural}`;
}

/** `12 kB`, `3.4 MB`, `5.6 GB`, in powers of ten. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
