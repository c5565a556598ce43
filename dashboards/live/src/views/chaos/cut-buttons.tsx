/** The ways to cut links, one button each. */
import { Button } from '../../parts/button.js';
import { newId, put, whyNot } from './hand.js';

const WAYS = [
  { type: 'blackhole', text: 'Cut silently', value: {} },
  { type: 'refuse', text: 'Refuse connections', value: { at: 'connection' } },
  { type: 'reset', text: 'Reset connections', value: {} },
] as const;

export function CutButtons({ links, onDone }: { links: readonly string[]; onDone: () => void }) {
  const refusal = links.length === 0 ? 'no link is between them and the others' : whyNot.value;
  return (
    <div class="buttons">
      {WAYS.map(({ type, text, value }, i) => (
        <Button
          key={type}
          look={i === 0 ? 'main' : 'plain'}
          refusal={refusal}
          onClick={() => {
            void put([{ id: newId('partition'), type, proxies: links, value }]);
            onDone();
          }}
        >
          {text}
        </Button>
      ))}
    </div>
  );
}
