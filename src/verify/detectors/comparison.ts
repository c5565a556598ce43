/** Detectors held against one trial, and how a row of the result is told. Pure: the same trial gives the same rows. */

import { type Beat, type Candidate, turnsOf } from './candidates.js';
import { type Crash, type Quality, qualityOf } from './quality.js';

export interface Compared {
  detector: string;
  setting: string;
  quality: Quality;
  /** Median over the crashes that were detected; null if none was. */
  detectionMedianMs: number | null;
  detectionWorstMs: number | null;
  /** Crashes that it did not see before they were over. */
  missed: number;
  mistakeMeanMs: number | null;
}

export interface Trial {
  beats: readonly Beat[];
  /** Whose detectors are compared. */
  observer: string;
  crashes: readonly Crash[];
  span: Crash;
}

export function compareDetectors(all: readonly Candidate[], trial: Trial, intervalMs: number): Compared[] {
  return all.map((candidate) => {
    const turns = turnsOf(candidate, { ...trial, intervalMs });
    const quality = qualityOf(turns, trial.crashes, trial.span);
    const detected = quality.detectionMs.filter((ms) => ms !== null).toSorted((a, b) => a - b);
    const { mistakeMs } = quality;
    return {
      detector: candidate.detector,
      setting: candidate.setting,
      quality,
      detectionMedianMs: detected[Math.floor((detected.length - 1) / 2)] ?? null,
      detectionWorstMs: detected.at(-1) ?? null,
      missed: quality.detectionMs.length - detected.length,
      mistakeMeanMs: mistakeMs.length === 0 ? null : mistakeMs.reduce((sum, ms) => sum + ms, 0) / mistakeMs.length,
    };
  });
}
