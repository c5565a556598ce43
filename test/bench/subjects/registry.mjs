/** Every subject, one line each. */
export { baselineHttp } from './baseline-http.mjs';
export { baselineTcp } from './baseline-tcp.mjs';
export { direct } from './direct.mjs';
export { faultlabHttp } from './faultlab-http.mjs';
export { faultlabTcp } from './faultlab-tcp.mjs';
export { haproxyHttp } from './haproxy-http.mjs';
export { haproxyTcp } from './haproxy-tcp.mjs';
export { httpProxy } from './http-proxy.mjs';
export { nginx } from './nginx.mjs';
export { toxiproxy } from './toxiproxy.mjs';
