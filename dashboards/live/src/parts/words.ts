/** The words of the reports, for the page: one way to say a duration, a figure and a verdict, wherever it is read. */
export { formatMs } from '../../../../src/core/units.js';
export {
  formatInstant,
  formatMeasured,
  formatNumber,
  formatRatio,
  plural,
  spaced,
  VERDICT_WORDS,
} from '../../../../src/reports/wording.js';
