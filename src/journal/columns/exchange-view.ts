/**
 * One row of the columns in the shape of an exchange. It has getters, which `...view`, `JSON.stringify` and comparisons of tests do not see: where an exchange
 * leaves the record, `plain` makes an object of it.
 */
import type { RecordedExchange } from '../record.js';
import type { Common, ExchangeColumns } from './exchange-columns.js';

/** An optional field that is not there is read as undefined: the one difference to a plain object, and the reason for the cast. */
export function viewOf(columns: ExchangeColumns, row: number): RecordedExchange {
  return new ExchangeView(columns, row) as unknown as RecordedExchange;
}

type Seen = { [K in keyof Required<RecordedExchange>]: RecordedExchange[K] | undefined };

class ExchangeView implements Seen {
  readonly #columns: ExchangeColumns;
  readonly #row: number;

  constructor(columns: ExchangeColumns, row: number) {
    this.#columns = columns;
    this.#row = row;
  }

  get n(): number {
    return this.#columns.n(this.#row);
  }
  get link(): string {
    return this.#common.link;
  }
  get from(): string {
    return this.#common.from;
  }
  get to(): string {
    return this.#common.to;
  }
  get connection(): number {
    return this.#columns.connection(this.#row);
  }
  get ordinal(): number {
    return this.#columns.ordinal(this.#row);
  }
  get method(): string {
    return this.#common.method;
  }
  get path(): string {
    return this.#columns.path(this.#row);
  }
  get route(): Common['route'] {
    return this.#common.route;
  }
  get expectation(): Common['expectation'] {
    return this.#common.expectation;
  }
  get isStandIn(): Common['isStandIn'] {
    return this.#common.isStandIn;
  }
  get isCopy(): Common['isCopy'] {
    return this.#common.isCopy;
  }
  get token(): string | undefined {
    return this.#columns.token(this.#row);
  }
  get tokens(): Readonly<Record<string, string>> | undefined {
    return this.#columns.tokens(this.#row);
  }
  get answerTokens(): Readonly<Record<string, string>> | undefined {
    return this.#columns.answerTokens(this.#row);
  }
  get startMs(): number {
    return this.#columns.startMs(this.#row);
  }
  get requestEndMs(): number | undefined {
    return this.#columns.requestEndMs(this.#row);
  }
  get responseStartMs(): number | undefined {
    return this.#columns.responseStartMs(this.#row);
  }
  get endMs(): number {
    return this.#columns.endMs(this.#row);
  }
  get status(): Common['status'] {
    return this.#common.status;
  }
  get grpcStatus(): Common['grpcStatus'] {
    return this.#common.grpcStatus;
  }
  get end(): Common['end'] {
    return this.#common.end;
  }
  get endedBy(): Common['endedBy'] {
    return this.#common.endedBy;
  }
  get endedHow(): Common['endedHow'] {
    return this.#common.endedHow;
  }
  get handshake(): Common['handshake'] {
    return this.#common.handshake;
  }
  get resetCode(): Common['resetCode'] {
    return this.#common.resetCode;
  }
  get bytesUp(): number {
    return this.#columns.bytesUp(this.#row);
  }
  get bytesDown(): number {
    return this.#columns.bytesDown(this.#row);
  }
  get matched(): Common['matched'] {
    return this.#common.matched;
  }
  get applied(): Common['applied'] {
    return this.#common.applied;
  }
  get skipped(): Common['skipped'] {
    return this.#common.skipped;
  }

  get #common(): Common {
    return this.#columns.common(this.#row);
  }
}

const FIELDS = Object.entries(Object.getOwnPropertyDescriptors(ExchangeView.prototype)).flatMap(([name, { get }]) =>
  get === undefined ? [] : [name as keyof RecordedExchange],
);

/** An object of its own, with the fields that it has. */
export function plain(exchange: RecordedExchange): RecordedExchange {
  const entries = FIELDS.map((name) => [name, exchange[name]] as const).filter(([, value]) => value !== undefined);
  // What was a whole exchange is one again.
  return Object.fromEntries(entries) as unknown as RecordedExchange;
}
