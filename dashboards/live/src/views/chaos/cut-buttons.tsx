/** The ways to cut links, one button each, and what the cut would meet. */
import { Button } from '../../parts/button.js';
import { newId, put, whyNot } from './hand.js';
import { FaultPreview } from './preview.js';

const WAYS = [
  { type: 'blackhole', text: 'Cut silently', value: {} },
  { type: 'refuse', text: 'Refuse connections', value: { at: 'connection' } },
  { type: 'reset', text: 'Reset connections', value: {} },
] as const;

export function CutButtons({ links, onDone }: { links: readonly string[]; onDone: () => void }) {
  const refusal = links.length === 0 ? 'no link is between them and the others' : whyNot.value;
  return (
    <>
      {links.length > 0 && <FaultPreview fault={{ type: WAYS[0].type, proxies: links }} />}
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
    </>
  );
}
