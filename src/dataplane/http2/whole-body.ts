/** A body that is rewritten as a whole, as one stage among those of its message: it keeps everything until the end, or until that is too much. */
import type { Clock } from '../../core/clock.js';
import type { TcpEffects, TcpTransform } from '../faults/fault.js';
import { BodyCollector } from '../http/body-collector.js';
import { rewriteWhole, type WholeEdit } from '../http/rewrite-plan.js';
import type { HeadChange } from './head-change.js';

/** `settled` is called once, before anything of the body goes on: with what the head is to say, or undefined if the edit is not made. */
export function openWhole(edit: WholeEdit, clock: Clock, settled: (change: HeadChange | undefined) => void): TcpTransform {
  let effects: TcpEffects | undefined;
  let collector: BodyCollector | undefined = new BodyCollector(clock, edit.body.bytesMax, () => passOn());
  const take = (): Buffer | undefined => {
    const bytes = collector?.take();
    collector = undefined;
    return bytes;
  };
  const passOn = (): void => {
    const bytes = take();
    if (bytes === undefined) return;
    settled(undefined);
    if (bytes.length > 0) effects?.passBytes(bytes);
  };
  return (signal, now) => {
    effects = now;
    if (signal.kind === 'removed') passOn();
    else if (collector === undefined) now.pass();
    else if (signal.kind === 'data') collector.add(signal.bytes);
    else if (signal.kind === 'end') {
      const whole = take() ?? Buffer.alloc(0);
      const change = rewriteWhole(edit, whole);
      settled(change && { head: change.head, length: change.body.length });
      const { body } = change ?? { body: whole };
      if (body.length > 0) now.passBytes(body);
      now.pass();
    }
  };
}
