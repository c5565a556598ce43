/**
 * A number as JSON writes it, read digit by digit where it lies. It says what `Number` would say of the same characters, in a fraction of the time; where
 * digits alone cannot tell how the double rounds, it asks `Number`. Numbers below zero or with an exponent are none to it.
 */

const [POINT, ZERO, NINE] = [0x2e, 0x30, 0x39];
const PLACES = 6;
const MILLION = 1e6;
/** Of numbers below it, times a million, a double is less than a quarter off. */
const SURE_MAX = 2 ** 50;

export class Decimal {
  /** The digits up to the sixth place. */
  #millionths = 0;
  /** The digit behind these. */
  #next = 0;
  #places = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #to = 0;

  /** Where the number ends that begins there; below zero if there is none. */
  read(bytes: Buffer, from: number): number {
    let at = from;
    let digits = 0;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = 10 * digits + (byte - ZERO);
    if (at === from || (bytes[from] === ZERO && at > from + 1)) return -1;
    this.#millionths = digits * MILLION;
    this.#places = 0;
    this.#next = 0;
    if (bytes[at] === POINT) at = this.#readPlaces(bytes, at + 1, digits);
    this.#bytes = bytes;
    this.#from = from;
    this.#to = at;
    return at;
  }

  #readPlaces(bytes: Buffer, from: number, whole: number): number {
    let at = from;
    let digits = whole;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) {
      if (at < from + PLACES) digits = 10 * digits + (byte - ZERO);
      else if (at === from + PLACES) this.#next = byte - ZERO;
    }
    this.#places = at - from;
    for (let place = this.#places; place < PLACES; place += 1) digits *= 10;
    this.#millionths = digits;
    return this.#places === 0 ? -1 : at;
  }

  /** The double. */
  get value(): number {
    // A whole number that is exact, divided by another, gives the double that is nearest.
    return this.#places <= PLACES && this.#millionths <= Number.MAX_SAFE_INTEGER ? this.#millionths / MILLION : this.#parsed();
  }

  /** `Math.round` of the double times a million. */
  get millionths(): number {
    const isNearHalf = this.#next > 2 && this.#next < 7;
    if (isNearHalf || this.#millionths >= SURE_MAX) return Math.round(this.#parsed() * MILLION);
    return this.#next < 5 ? this.#millionths : this.#millionths + 1;
  }

  #parsed(): number {
    return Number(this.#bytes.toString('latin1', this.#from, this.#to));
  }
}
