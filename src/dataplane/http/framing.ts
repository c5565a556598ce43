/** Where a message body ends: after so many bytes (always above 0), after its last chunk, with the connection, or at once. */
export type Framing = number | 'none' | 'chunked' | 'untilClose';
