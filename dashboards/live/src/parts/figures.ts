/** Figures as the page says them, where the reports have no word of their own for it. */
import { formatNumber } from '../../../../src/reports/wording.js';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `1.2 MB` of a count of bytes. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1_000 ** power)} ${UNITS[power]}`;
}

/** `12:03:04` of an instant since 1970, where the reader is. */
export function formatClock(wallMs: number): string {
  return new Date(wallMs).toLocaleTimeString('en-GB');
}
