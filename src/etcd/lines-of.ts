/** The lines of a stream of bytes, as they come. */

const NEWLINE = 0x0a;

/** Throws where a line is longer than `bytesMax`: nothing of it is handed on. What follows the last newline is not told. */
export async function* linesOf(body: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of body) {
    let from = 0;
    for (let to = piece.indexOf(NEWLINE); to >= 0; to = piece.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...held, piece.subarray(from, to)]).toString();
      held = [];
      heldBytes = 0;
      from = to + 1;
    }
    if (from === piece.length) continue;
    held.push(piece.subarray(from));
    heldBytes += piece.length - from;
    if (heldBytes > bytesMax) throw new Error(`a line is longer than ${bytesMax} bytes`);
  }
}
