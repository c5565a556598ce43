/** What was tried, as a matrix: edges down, types of faults across, checks with their latest verdict in the cells. Pure. */
import type { CoverageAnswer } from '../../../../../src/control/library/contract.js';
import { grouped } from '../../../../../src/core/grouped.js';

export type Covered = CoverageAnswer['cells'][number];

export interface Matrix {
  edges: readonly string[];
  faults: readonly string[];
  at(edge: string, fault: string): readonly Covered[];
}

/** Every edge that any fault was tried on, and every fault that was tried anywhere: an empty cell is what nobody has tried. */
export function matrixOf(cells: readonly Covered[]): Matrix {
  const byPlace = grouped(cells, ({ edge, fault }) => JSON.stringify([edge, fault]));
  return {
    edges: [...new Set(cells.map(({ edge }) => edge))].sort(),
    faults: [...new Set(cells.map(({ fault }) => fault))].sort(),
    at: (edge, fault) => byPlace.get(JSON.stringify([edge, fault])) ?? [],
  };
}

export interface CoverageCount {
  tried: number;
  places: number;
  stale: number;
}

/** Places are pairs of edge and fault; one counts as tried while a verdict about it is fresh. */
export function countOf(cells: readonly Covered[]): CoverageCount {
  const { edges, faults } = matrixOf(cells);
  const fresh = cells.filter(({ stale }) => stale === undefined);
  return {
    tried: new Set(fresh.map(({ edge, fault }) => JSON.stringify([edge, fault]))).size,
    places: edges.length * faults.length,
    stale: cells.length - fresh.length,
  };
}
