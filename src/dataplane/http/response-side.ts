/**
 * Callee → caller: matches the responses in what the callee sends to the requests in order, has the faults rule on each final head, and does what
 * they say with it. A callee that says more than it was asked for is cut off: whatever follows could be taken for the answer to the next request.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire } from '../wire.js';
import { createSubstitute } from './answer.js';
import type { Chunk } from './chunk.js';
import { Discard } from './discard.js';
import type { FlowOwner, ReadHead } from './flow-owner.js';
import type { Malformation } from './malformation.js';
import { MessageFlow } from './message-flow.js';
import type { OpenExchange } from './open-exchange.js';
import { type ParsedResponse, parseResponseHead } from './response-head.js';
import type { ResponseHost } from './response-host.js';
import { responseSubject } from './rewrite-plan.js';
import { miss, type Ruling, type Substitute } from './rule-on.js';

/** `lost`: a fault has had enough of the callee, what it says is dropped. */
type Phase = 'open' | 'tunnel' | 'lost' | 'closed';

interface FinalHead extends ReadHead {
  front: OpenExchange;
  response: ParsedResponse;
}

export class ResponseSide {
  readonly #clock: Clock;
  readonly #host: ResponseHost;
  readonly #flow: MessageFlow;
  readonly #discard: Discard;
  #phase: Phase = 'open';
  /** In a tunnel: the exchange that opened it. */
  #tunnel: OpenExchange | undefined;
  #hasEnded = false;
  /** Whether bytes are being taken right now, and the caller takes more of them. */
  #isTaking = false;
  #mayGoOn = true;

  constructor({ clock, limits, host }: { clock: Clock; limits: ProxyLimits; host: ResponseHost }) {
    this.#clock = clock;
    this.#host = host;
    this.#flow = new MessageFlow({ clock, limits, kind: 'response', owner: this.#flowOwner() });
    this.#discard = new Discard(clock, () => this.#host.answerEndsAll('complete'));
  }

  /** Bytes that wait here. */
  get heldBytes(): number {
    return this.#flow.heldBytes;
  }

  /** Whether something waits here, so that the callee should not be read. */
  get isHolding(): boolean {
    return this.#flow.isWaiting || this.#flow.isRewriterFull;
  }

  /** False: no more until the host says that the callee may be read again. */
  data(bytes: Buffer, source: Wire | undefined): boolean {
    if (this.#phase === 'tunnel') {
      if (this.#tunnel !== undefined) this.#tunnel.bytesDown += bytes.length;
      return this.#host.sendDown(bytes, source);
    }
    this.#mayGoOn = true;
    this.#isTaking = true;
    this.#flow.data(bytes, source);
    this.#isTaking = false;
    return this.#mayGoOn && !this.isHolding;
  }

  /** The callee half-closed. */
  end(): void {
    this.#hasEnded = true;
    this.#endIfDone();
  }

  /** The caller takes bytes again. */
  drained(): void {
    this.#flow.drained();
  }

  /** Drops what faults that are gone have begun. */
  retain(faults: readonly ActiveFault[]): void {
    this.#flow.retain(faults);
  }

  /** Takes no further byte. No timer is alive afterwards. */
  close(): void {
    this.#phase = 'closed';
    this.#flow.stop();
    this.#discard.stop();
  }

  #flowOwner(): FlowOwner {
    return {
      expectsMessage: (chunk) => {
        const front = this.#host.front();
        if (front !== undefined && !front.isOurs) return true;
        this.#refuse('a response that nobody asked for', { chunk, startAt: chunk.at });
        return false;
      },
      read: (byteCount, isPassing) => this.#bodyRead(byteCount, isPassing),
      headRead: (text, head) => this.#headRead(text, head),
      dropsRest: () => this.#discard.start(),
      messageOver: (chunk) => this.#responseOver(chunk),
      malformed: (problem, head) => this.#refuse(problem, head),
      send: (bytes, source) => {
        const mayGoOn = this.#host.sendDown(bytes, source);
        if (!mayGoOn) this.#mayGoOn = false;
        return mayGoOn;
      },
      mustEnd: (isWhole) => this.#host.answerEndsAll(isWhole ? 'complete' : 'faultReset'),
      steer: () => {
        if (!this.#isTaking && !this.isHolding) this.#host.readOn();
      },
      wentOn: () => this.#wentOn(),
      cut: () => this.#host.cutByFault(),
    };
  }

  #headRead(text: string, { chunk, startAt }: ReadHead): void {
    const front = this.#host.front();
    if (front === undefined) return;
    const response = parseResponseHead(text, front.method);
    if (typeof response === 'string') {
      this.#refuse(response, { chunk, startAt });
      return;
    }
    if (response.status === 101 && !maySwitch(front)) {
      this.#refuse('a switch of protocols that nobody asked for', { chunk, startAt });
      return;
    }
    // Interim heads pass as they are: the final one is what the faults look at.
    if (response.status < 200 && response.status !== 101) {
      front.bytesDown += chunk.at - startAt;
      return;
    }
    const ruling = this.#host.ruleOnResponse(front, response);
    if (ruling === undefined) this.#passOn({ front, response, chunk, startAt });
    else this.#obey(ruling, { front, response, chunk, startAt });
  }

  #obey(ruling: Ruling, { front, response, ...head }: FinalHead): void {
    for (const over of ruling.watches) front.onEnd(over);
    if (ruling.waits.length === 0) this.#settle(ruling, { front, response, ...head });
    else this.#flow.hold(head, ruling.waits, (held) => this.#settle(ruling, { front, response, ...held }));
  }

  /** Does what the faults have said of a head, once nothing keeps it waiting. */
  #settle({ outcome, edits, copies }: Ruling, head: FinalHead): void {
    for (const { fault } of copies) miss(fault, head.front);
    // The caller is not told, but the record says what the callee had done.
    if (outcome?.kind === 'reset' || outcome?.kind === 'lose') head.front.status = head.response.status;
    if (outcome?.kind === 'reset') {
      head.chunk.drop();
      this.#host.cutByFault();
    } else if (outcome !== undefined) {
      this.#replace(outcome, head);
    } else if (edits.length > 0 && !opensTunnel(head.front, head.response)) {
      this.#edit(edits, head);
    } else {
      for (const { fault } of edits) miss(fault, head.front);
      this.#passOn(head);
    }
  }

  #passOn({ front, response, chunk, startAt }: FinalHead): void {
    const isTunnel = opensTunnel(front, response);
    front.bytesDown += chunk.at - startAt;
    this.#begin(front, { response, isTunnel, atMs: chunk.nowMs });
    if (isTunnel) this.#openTunnel(front, chunk);
    else this.#flow.pass({ chunk, startAt }, response.framing);
  }

  #edit(edits: Ruling['edits'], { front, response, chunk, startAt }: FinalHead): void {
    const watch = {
      headReady: (edited: ParsedResponse | undefined) => {
        if (edited === undefined) front.bytesDown += chunk.at - startAt;
        this.#begin(front, { response: edited ?? response, isTunnel: false, atMs: this.#clock.nowMs() });
      },
      sent: (byteCount: number) => {
        front.bytesDown += byteCount;
      },
      missed: (fault: ActiveFault, why?: 'gone') => miss(fault, front, why),
    };
    const asked = { method: front.method, version: front.request?.version ?? '1.0' };
    this.#flow.edit({ chunk, startAt }, { edits, subject: responseSubject(response, asked), watch });
  }

  /** The answer begins to go out. */
  #begin(front: OpenExchange, { response, isTunnel, atMs }: { response: ParsedResponse; isTunnel: boolean; atMs: number }): void {
    front.responseStartMs = atMs;
    front.status = response.status;
    front.answered = response;
    if (front.request?.asksForTunnel && !isTunnel) this.#host.tunnelAnswered(false);
  }

  #openTunnel(front: OpenExchange, chunk: Chunk): void {
    front.bytesDown += chunk.bytes.length - chunk.at;
    chunk.at = chunk.bytes.length;
    this.#tunnel = front;
    this.#phase = 'tunnel';
    // The head goes out before the tunnel opens, for what the caller sent ahead may be answered at once.
    if (!this.#flow.flush(chunk, chunk.at)) return;
    this.#flow.stop();
    this.#host.tunnelAnswered(true);
  }

  /** Gives the caller this in the place of the callee's answer, which is read and dropped. */
  #replace(substitute: Substitute, { front, response, chunk, startAt }: FinalHead): void {
    if (!this.#flow.flush(chunk, startAt)) return;
    const isTunnel = opensTunnel(front, response);
    const mayKeepAlive = response.keepsAlive && response.framing !== 'untilClose' && !isTunnel;
    const answer = createSubstitute(substitute, { request: front.request, mayKeepAlive });
    if (answer === undefined) {
      this.#phase = 'lost';
      this.#flow.stop();
      return;
    }
    this.#host.replaced(front, answer);
    if (this.#isClosed()) return;
    if (front.request?.asksForTunnel) this.#host.tunnelAnswered(false);
    this.#discard.start();
    this.#flow.drop({ chunk, startAt }, response.framing);
  }

  #bodyRead(byteCount: number, isPassing: boolean): void {
    if (this.#discard.isOn) {
      this.#discard.add(byteCount);
    } else if (isPassing) {
      const front = this.#host.front();
      if (front !== undefined) front.bytesDown += byteCount;
    }
  }

  #responseOver(chunk: Chunk): void {
    this.#discard.stop();
    if (this.#host.isOursNext()) this.#flow.flush(chunk, chunk.at);
    // One that was edited may begin to go out after its last byte was read.
    this.#host.completed(Math.max(chunk.nowMs, this.#host.front()?.responseStartMs ?? 0));
  }

  #wentOn(): void {
    if (this.#phase === 'closed') return;
    if (this.#hasEnded) this.#endIfDone();
    else if (!this.isHolding) this.#host.readOn();
  }

  #endIfDone(): void {
    if (this.#phase === 'closed') return;
    if (!this.#flow.end() && !this.#isClosed()) this.#host.responsesEnded();
  }

  #refuse(problem: Malformation, { chunk, startAt }: ReadHead): void {
    if (!this.#flow.flush(chunk, startAt)) return;
    chunk.drop();
    this.#host.responseRefused(problem);
  }

  /** Asked through a function, because whatever the host is told may change it. */
  #isClosed(): boolean {
    return this.#phase === 'closed';
  }
}

/** A 101 is understood only as the answer to an upgrade that was sent in full. */
function maySwitch({ request, requestEndMs }: OpenExchange): boolean {
  return request?.asksForTunnel === true && request.method !== 'CONNECT' && requestEndMs !== undefined;
}

function opensTunnel({ request }: OpenExchange, { status }: ParsedResponse): boolean {
  return status === 101 || (request?.method === 'CONNECT' && status >= 200 && status < 300);
}
