/**
 * Lines that are alike but for some values, known again in one pass over their bytes. A frame is such a line with slots in place of the values; frames that begin
 * alike share their beginning. Which values a slot takes is said by whoever reads it, so a line that is found is of its frame to the last byte.
 */

/** Bytes are themselves; behind them come the slots. */
const SLOT = 256;
const WORD = 4;

/** Bytes, and slots as `slot(number)`. */
export type Frame = readonly number[];

export function slot(number: number): number {
  return SLOT + number;
}

/** Where the value ends that begins there; below zero if there is none. */
export type ReadSlot = (slot: number, bytes: Buffer, at: number) => number;

/** Bytes, and perhaps a slot behind them. */
interface Step {
  literal: Uint8Array;
  /** The same four at a time, as far as that goes: a third of the time. */
  words: Int32Array;
  /** Below zero: none. */
  slot: number;
}

interface Node<Leaf> {
  run: Frame;
  /** The same, to be gone through quickly. */
  steps: readonly Step[];
  /** By the byte behind the run; a node that has any is no end. */
  branches: (Node<Leaf> | undefined)[];
  leaf: Leaf | undefined;
}

export class LineTree<Leaf> {
  readonly #read: ReadSlot;
  /** Of the buffer that was looked at last. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  readonly #root: Node<Leaf> = nodeOf<Leaf>([], undefined);

  constructor(read: ReadSlot) {
    this.#read = read;
  }

  /** False, and nothing changes, if there is that frame already, or one with which nobody could tell at the first difference which of them it is. */
  add(frame: Frame, leaf: Leaf): boolean {
    let node = this.#root;
    for (let at = 0; ; ) {
      const same = sameLength(node.run, frame, at);
      at += same;
      const next = frame[at];
      if (next === undefined || next >= SLOT) return false;
      if (same < node.run.length) {
        if ((node.run[same] ?? SLOT) >= SLOT) return false;
        split(node, same);
      } else if (node.leaf !== undefined) return false;
      const branch = node.branches[next];
      if (branch === undefined) {
        node.branches[next] = nodeOf(frame.slice(at), leaf);
        return true;
      }
      node = branch;
    }
  }

  /** What was said of the frame of the line that lies there; its slots have been read. */
  find(bytes: Buffer, from: number, to: number): Leaf | undefined {
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
    let node: Node<Leaf> | undefined = this.#root;
    let at = from;
    while (node !== undefined) {
      for (const step of node.steps) {
        at = this.#behind(step, bytes, at);
        if (at < 0) return undefined;
      }
      if (at >= to) return at === to ? node.leaf : undefined;
      node = node.branches[bytes[at] ?? 0];
    }
    return undefined;
  }

  /** Where the step ends that begins there; below zero if the bytes are others. */
  #behind({ literal, words, slot: number }: Step, bytes: Buffer, at: number): number {
    const end = at + literal.length;
    // Whether the line is over before that, `find` asks in the end.
    if (end > bytes.length) return -1;
    const view = this.#view;
    let place = bytes.byteOffset + at;
    for (let i = 0; i < words.length; i += 1, place += WORD) if (view.getInt32(place, true) !== words[i]) return -1;
    for (let i = WORD * words.length; i < literal.length; i += 1) if (bytes[at + i] !== literal[i]) return -1;
    return number < 0 ? end : this.#read(number, bytes, end);
  }
}

function nodeOf<Leaf>(run: Frame, leaf: Leaf | undefined): Node<Leaf> {
  return { run, steps: stepsOf(run), branches: [], leaf };
}

function stepsOf(run: Frame): Step[] {
  const steps: Step[] = [];
  for (let from = 0; from < run.length; ) {
    const next = run.findIndex((symbol, i) => i >= from && symbol >= SLOT);
    const to = next < 0 ? run.length : next;
    steps.push(stepOf(Uint8Array.from(run.slice(from, to)), next < 0 ? -1 : (run[next] ?? SLOT) - SLOT));
    from = to + 1;
  }
  return steps;
}

function stepOf(literal: Uint8Array, number: number): Step {
  const view = new DataView(literal.buffer);
  const words = Int32Array.from({ length: Math.floor(literal.length / WORD) }, (_, i) => view.getInt32(WORD * i, true));
  return { literal, words, slot: number };
}

/** How far they are the same. */
function sameLength(run: Frame, frame: Frame, from: number): number {
  let same = 0;
  while (same < run.length && run[same] === frame[from + same]) same += 1;
  return same;
}

/** What stands behind that place of its run becomes a branch. */
function split<Leaf>(node: Node<Leaf>, at: number): void {
  const behind = { ...nodeOf(node.run.slice(at), node.leaf), branches: node.branches };
  Object.assign(node, nodeOf(node.run.slice(0, at), undefined));
  node.branches[behind.run[0] ?? 0] = behind;
}
