/** Heavy drawings one after another, one a frame: a second brings news for all charts at once, and together they would take longer than a frame may. */

/** By owner: who wants to draw again before his turn draws only the newest. */
const waiting = new Map<object, () => void>();

export function drawInTurn(owner: object, draw: () => void): void {
  const isIdle = waiting.size === 0;
  waiting.set(owner, draw);
  if (isIdle) requestAnimationFrame(drawNext);
}

export function drawNoMore(owner: object): void {
  waiting.delete(owner);
}

function drawNext(): void {
  const [next] = waiting;
  if (next === undefined) return;
  const [owner, draw] = next;
  waiting.delete(owner);
  if (waiting.size > 0) requestAnimationFrame(drawNext);
  draw();
}
