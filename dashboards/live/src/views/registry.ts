/** Every view of the page, in the order of the menu. */
export { live } from './live/live.js';
