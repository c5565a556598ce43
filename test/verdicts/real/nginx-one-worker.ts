/** One worker, one view of the instances. */
import { nginxUpstream } from './nginx-upstream.js';

export const nginxOneWorker = nginxUpstream({ name: 'nginx (real)', workers: 1 });
