/** Failure detectors side by side on the terminal: a row for each setting of each. */
import { formatMs } from '../core/units.js';
import type { Compared } from '../verify/detectors/comparison.js';
import type { CliContext } from './command.js';
import { renderTable } from './table.js';

export function sayDetectors({ say: print }: Pick<CliContext, 'say'>, rows: readonly Compared[], { picture }: { picture?: string }): void {
  print(
    renderTable(
      ['detector', 'setting', 'detects in', 'at worst', 'missed', 'mistakes', 'per hour', 'each lasts', 'right'],
      rows.map((row) => [
        row.detector,
        row.setting,
        told(row.detectionMedianMs),
        told(row.detectionWorstMs),
        row.missed,
        row.quality.mistakes,
        row.quality.mistakesPerHourMax === null
          ? Math.round(row.quality.mistakesPerHour)
          : `< ${Math.ceil(row.quality.mistakesPerHourMax)}`,
        told(row.mistakeMeanMs),
        row.quality.accuracy === null ? '–' : `${(row.quality.accuracy * 100).toFixed(2)} %`,
      ]),
    ),
  );
  print(
    '\nA pause is no crash: who suspects then is wrong. Only the observer with the bad path counts, except for quorum and swim, which have all three.',
  );
  if (picture !== undefined) print(`picture: ${picture}`);
}

function told(ms: number | null): string {
  return ms === null ? '–' : formatMs(Math.round(ms));
}
