/** Pictures of a run as files of their own: its timeline, and the curve of each check that followed a sweep. Each needs nothing beside it. */
import { flowsOf } from '../flow.js';
import type { Report } from '../reporter.js';
import { drawCurve } from './curve.js';
import type { Markup } from './markup.js';
import { style } from './style.js';
import { drawTimeline } from './timeline.js';

export type Scheme = 'light' | 'dark';

export interface Picture {
  name: string;
  title: string;
  kind: 'timeline' | 'curve';
  /** An SVG file. Without a scheme it follows whoever looks. */
  draw(scheme?: Scheme): string;
}

export function picturesOf(report: Report): readonly Picture[] {
  const { record, findings } = report;
  const curves = findings.flatMap(({ name, curve }) => (curve === undefined ? [] : [{ name, curve }]));
  return [
    {
      name: 'timeline.svg',
      title: 'What happened on the wire',
      kind: 'timeline',
      draw: (scheme) => standalone(drawTimeline({ record, findings, flows: flowsOf(record) }), scheme),
    },
    ...curves.map(
      ({ name, curve }, i): Picture => ({
        name: `curve-${i + 1}.svg`,
        title: `${name}: when ${curve.subject} noticed, by ${curve.of}`,
        kind: 'curve',
        draw: (scheme) => standalone(drawCurve(curve), scheme),
      }),
    ),
  ];
}

const DARK = '@media (prefers-color-scheme:dark)';
const SCREEN: Readonly<Record<Scheme, string>> = { light: '@media not all', dark: '@media screen' };

/** The drawings of the page carry their looks by its style; alone they bring it along. */
function standalone({ markup: drawn }: Markup, scheme: Scheme | undefined): string {
  const looks = scheme === undefined ? style.markup : style.markup.replace(DARK, SCREEN[scheme]);
  const head = drawn.indexOf('>') + 1;
  const dressed = drawn.slice(0, head).replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return `${dressed}<style>svg{background:var(--ground)}${looks}</style>${drawn.slice(head)}\n`;
}
