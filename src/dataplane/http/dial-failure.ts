/** What a caller is told of a callee that could not be reached, and what to do about it where the error's code says that much. */
import { type Address, formatAddress } from '../address.js';

const UNTRUSTED = "nobody whom this link trusts has signed the callee's certificate: give its CA as tls.originate.ca, or verify: none";
const NO_TLS = 'the callee does not seem to speak TLS: leave out tls.originate';

/** By the codes of Node and OpenSSL. */
const HINTS: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: "the callee's certificate is made out for another name: give it as tls.originate.serverName",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'the callee does not speak the protocol of this link',
};

export function dialFailure({ link, upstream }: { link: string; upstream: Address }, error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.message;
  const hint = HINTS[code];
  return `${link}: cannot connect to ${formatAddress(upstream)}: ${code}${hint === undefined ? '' : ` (${hint})`}`;
}
