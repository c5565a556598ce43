/** What a history will lack, as far as the plan says: operations that its checker does not know, and headers that nobody notes. */
import type { Foresight, Noted } from '../foresight.js';
import type { Shape } from '../histories/checker.js';
import type { Place, WireOperation } from '../inference/wire-history.js';

interface Promised {
  from: string;
  to: string;
  operations: readonly WireOperation[];
}

/** `noted` undefined: nothing between the two is recorded, and whoever says so need not be told about headers. */
export function historyAhead(
  { from, to, operations }: Promised,
  shapes: Readonly<Record<string, Shape>>,
  noted: Noted | undefined,
): readonly Foresight[] {
  const strange = operations
    .filter(({ f }) => !Object.hasOwn(shapes, f))
    .map(({ f }) => `it knows ${Object.keys(shapes).join(', ')}, and no ${f}`);
  const missing = operations.flatMap(missingValues(shapes));
  const unnoted = noted === undefined ? [] : [...new Set(operations.flatMap(placesOf).flatMap((place) => unnotedIn(place, noted)))];
  const says = unnoted.map((what) => `nobody notes ${what} between ${from} and ${to}, so what stands there is not known`);
  return [...strange, ...missing, ...says].map((one) => ({ kind: 'cannotJudge', says: one }));
}

function placesOf({ asks, told, version, token, validMs, client }: WireOperation): readonly Place[] {
  return [asks, told, version, token, validMs, client].filter((place) => place !== undefined);
}

function unnotedIn(place: Place, { headers, answerHeaders }: Noted): readonly string[] {
  if ('header' in place) return headers.includes(place.header) ? [] : [`the header ${place.header} (\`observe.headers\`)`];
  if ('path' in place || answerHeaders.includes(place.answerHeader)) return [];
  return [`the answer’s header ${place.answerHeader} (\`observe.answerHeaders\`)`];
}

/** Operations that will have no value, because nobody says where it stands. */
function missingValues(shapes: Readonly<Record<string, Shape>>): (operation: WireOperation) => readonly string[] {
  return (operation) => {
    const shape = Object.hasOwn(shapes, operation.f) ? shapes[operation.f] : undefined;
    if (shape === undefined) return [];
    const keys = [
      ...(shape.input === 'none' ? [] : ['asks' as const]),
      ...(shape.output === 'none' ? [] : ['told' as const]),
      ...(shape.needs ?? []),
    ];
    return keys.filter((key) => operation[key] === undefined).map((key) => `${operation.f} needs \`${key}\`: where it stands is not said`);
  };
}
