/**
 * Everything for which a message is refused instead of guessed at. The sentences are what the refused side reads in the body of the 400 or
 * 502, so they say what was found. Two parsers that read such a message differently are how requests are smuggled.
 */
export type Malformation =
  | 'the request line is not METHOD SP TARGET SP VERSION'
  | 'the status line is not VERSION SP STATUS SP REASON'
  | 'the version is not HTTP/1.0 or HTTP/1.1'
  | 'a field name is empty, not a token, or followed by something other than a colon'
  | 'a field value holds a control character or a bare CR or LF'
  | 'a bare LF or CR in the head'
  | 'the head is larger than this link accepts'
  | 'Content-Length is not one plain decimal number'
  | 'more than one Content-Length'
  | 'Content-Length together with Transfer-Encoding'
  | 'Transfer-Encoding does not end in one chunked'
  | 'more than one Transfer-Encoding'
  | 'a tab in Transfer-Encoding'
  | 'Transfer-Encoding in HTTP/1.0'
  | 'not exactly one Host'
  | 'a CONNECT request with a body'
  | 'a chunk size that is not a plain hexadecimal number'
  | 'a chunk extension that is too long or holds a control character'
  | 'chunk data not followed by CRLF'
  | 'a trailer field that frames or routes'
  | 'a response that nobody asked for'
  | 'a switch of protocols that nobody asked for';
