/** Starts the page: the look, the route, the connection to the daemon, and the shell that shows them. */
import { render } from 'preact';
import { App } from './shell/app.js';
import { followRoute } from './shell/follow-route.js';
import { followTheme } from './shell/theme.js';
import { keepRenewing } from './views/chaos/hand.js';
import { followDaemon } from './wire/follow-daemon.js';

const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no element #page');
followTheme();
followRoute();
followDaemon();
keepRenewing();
render(<App />, root);
