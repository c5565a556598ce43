/**
 * What an answer of inventory says, collected as it passes. Whoever counts statuses alone is blind to a host that says 200 and tells nothing; this is
 * what sees it. It comes too late for the caller at hand, who has the answer by then: it is for the next ones.
 */
import { BODY_BYTES_MAX } from '../body.js';
import { recordOf } from '../call-json.js';

export class StockAnswer {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** What is longer than any answer of inventory is not kept, and tells no stock. */
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= BODY_BYTES_MAX) this.#chunks.push(chunk);
  }

  tellsStock(): boolean {
    if (this.#bytes > BODY_BYTES_MAX) return false;
    return typeof recordOf(Buffer.concat(this.#chunks).toString())['inStock'] === 'number';
  }
}
