/**
 * The result as a picture for the README: a panel of bars for each measure that has a place in it, light or dark as the reader's system is. Pure;
 * the text is SVG without scripts, fonts or anything else to be loaded.
 */
import { figure } from './table.mjs';

const COLUMNS = 3;
const PANEL_WIDTH = 360;
const PADDING = 20;
const LABEL_WIDTH = 96;
/** Room for the figure at the end of the longest bar. */
const FIGURE_WIDTH = 64;
const BAR_WIDTH_MAX = PANEL_WIDTH - 2 * PADDING - LABEL_WIDTH - FIGURE_WIDTH;
const HEAD_HEIGHT = 62;
const ROW_HEIGHT = 22;
const BAR_HEIGHT = 12;
const CAPTION_HEIGHT = 44;

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .paper { fill: #ffffff; } .title { font-weight: 600; font-size: 13px; } .quiet { fill: #59636e; } .range { stroke: #59636e; }
  .ours { fill: #0969da; } .base { fill: #d1d9e0; } .peer { fill: #8c959f; } .mine { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .paper { fill: #0d1117; } .quiet { fill: #9198a1; } .range { stroke: #9198a1; }
    .ours { fill: #4493f8; } .base { fill: #30363d; } .peer { fill: #656c76; }
  }`;

/** `result` as `summarize` and the header make it; subjects carry their `role`. */
export function renderPicture({ header, subjects, metrics }) {
  const roles = new Map(subjects.map(({ name, role }) => [name, role]));
  const panels = metrics
    .filter(({ isPictured }) => isPictured)
    .map((metric) => ({ ...metric, rows: metric.rows.filter(({ state }) => state === 'measured') }))
    .filter(({ rows }) => rows.length > 1);
  const lines = chunks(panels, COLUMNS);
  const heights = lines.map((line) => Math.max(...line.map(({ rows }) => HEAD_HEIGHT + rows.length * ROW_HEIGHT)));
  const width = COLUMNS * PANEL_WIDTH;
  const height = heights.reduce((sum, one) => sum + one, 0) + CAPTION_HEIGHT;
  const drawn = lines.flatMap((line, i) => {
    const top = heights.slice(0, i).reduce((sum, one) => sum + one, 0);
    return line.map((panel, column) => `<g transform="translate(${column * PANEL_WIDTH} ${top})">${drawPanel(panel, roles)}</g>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(titleOf(header))}</title>
<style>${STYLE}
</style>
<rect class="paper" width="${width}" height="${height}"/>
${drawn.join('\n')}
<text class="quiet" x="${PADDING}" y="${height - 18}">${escaped(titleOf(header))}</text>
</svg>
`;
}

function titleOf({ date, machine, node, rounds }) {
  const { cores, cpu, system, loadAverage } = machine;
  const where = `${cores} × ${cpu}, ${system}, Node ${node}`;
  return `faultlab bench of ${date.slice(0, 10)}: medians of ${rounds} rounds, lines from least to most; ${where}, load average ${loadAverage}`;
}

function drawPanel({ title, unit, better, rows }, roles) {
  const most = Math.max(...rows.map(({ max }) => max), 0);
  const widthOf = (value) => (most === 0 ? 0 : Math.max(0, (value / most) * BAR_WIDTH_MAX)).toFixed(1);
  const heading = `<text class="title" x="${PADDING}" y="26">${escaped(title)}</text>
<text class="quiet" x="${PADDING}" y="44">${escaped(`${unit}, ${better} is better`)}</text>`;
  return `${heading}\n${rows.map((row, i) => drawRow(row, { top: HEAD_HEIGHT - 6 + i * ROW_HEIGHT, role: roles.get(row.subject), widthOf })).join('\n')}`;
}

function drawRow({ subject, median, min, max }, { top, role, widthOf }) {
  const left = PADDING + LABEL_WIDTH;
  const middle = top + BAR_HEIGHT / 2;
  const [from, to] = [left + Number(widthOf(min)), left + Number(widthOf(max))];
  const emphasis = role === 'ours' ? ' class="mine"' : '';
  return `<text${emphasis} x="${left - 8}" y="${top + 10}" text-anchor="end">${escaped(subject)}</text>
<rect class="${role}" x="${left}" y="${top}" width="${widthOf(median)}" height="${BAR_HEIGHT}" rx="2"/>
<path class="range" d="M${from} ${middle}H${to}"/>
<text${emphasis} x="${to + 6}" y="${top + 10}">${escaped(figure(median))}</text>`;
}

function chunks(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
