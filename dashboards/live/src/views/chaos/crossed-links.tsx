/** The question after a line was drawn across links: whether, and how, to cut them. */
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { topology } from '../../state/live.js';
import { crossedLinks, isCutToolOn } from '../live/cut-tool.js';
import { CutButtons } from './cut-buttons.js';

export function CrossedLinks() {
  const crossed = crossedLinks.value;
  const known = new Set(topology.value.links.filter(({ isLoad }) => !isLoad).map(({ name }) => name));
  const links = crossed?.filter((name) => known.has(name)) ?? [];
  const close = (): void => {
    crossedLinks.value = null;
    isCutToolOn.value = false;
  };
  return (
    <Dialog title={links.length === 0 ? 'No link was crossed' : 'Cut these links?'} isOpen={crossed !== null} onClose={close}>
      {links.length > 0 && (
        <ul>
          {links.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      {links.length > 0 ? (
        <CutButtons links={links} onDone={close} />
      ) : (
        <div class="buttons">
          <Button onClick={close}>Close</Button>
        </div>
      )}
    </Dialog>
  );
}
