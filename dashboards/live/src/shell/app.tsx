/** The frame that every view stands in: header above, the view that the address names below. */
import { useEffect } from 'preact/hooks';
import { viewNamed } from '../views/catalog.js';
import { HaltedNotice } from '../views/chaos/halted-notice.js';
import { Header } from './header.js';
import { route } from './route.js';
import { TokenDialog } from './token-dialog.js';

export function App() {
  const view = viewNamed(route.value.view);
  useEffect(() => {
    document.title = `${view.title} · faultlab`;
  }, [view]);
  return (
    <>
      <a class="skip" href="#view">
        To the content
      </a>
      <Header current={view.name} />
      <HaltedNotice />
      <main id="view" tabIndex={-1}>
        <view.Component route={route.value} />
      </main>
      <TokenDialog />
    </>
  );
}
