/** What people said and decided, at its time on the timeline; the words stand in the table of the page, and in what a mark shows when it is pointed at. */
import type { Said } from '../retro.js';
import { DECISION_WORDS, formatInstant } from '../wording.js';
import { type Frame, LEFT_PX, RIGHT_PX } from './frame.js';
import { type Markup, markup, px } from './markup.js';

export function drawSaid(all: readonly Said[], { frame, topPx }: { frame: Frame; topPx: number }): Markup {
  return markup`<g transform="translate(0 ${px(topPx)})"><line class="grid" x1="${LEFT_PX}" x2="${RIGHT_PX}" y1="7" y2="7"/>
${all.map((one) => drawMark(one, frame))}</g>`;
}

function drawMark(one: Said, frame: Frame): Markup {
  const x = frame.x(one.atMs);
  const words = one.kind === 'gate' ? `${one.gate}: ${DECISION_WORDS[one.decision]}, ${one.by}` : `${one.by}: ${one.text}`;
  const title = markup`<title>${formatInstant(one.atMs, frame.startMs)} ${words}</title>`;
  if (one.kind !== 'gate') return markup`<path class="note" d="M${px(x - 5)} 2h10l-5 10z">${title}</path>`;
  return markup`<path class="decision" d="M${px(x)} 1l6 6l-6 6l-6 -6z">${title}</path>`;
}
