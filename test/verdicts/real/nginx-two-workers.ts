/** Two workers, each with a view of its own: an instance is out only when both have taken it out. */
import { nginxUpstream } from './nginx-upstream.js';

export const nginxTwoWorkers = nginxUpstream({ name: 'nginx 2 workers (real)', workers: 2 });
