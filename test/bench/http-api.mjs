/** Asks a JSON API. A connection for each request: one that is kept would keep the benchmark from ending. */
export async function ask(url, method, path, body) {
  const headers = { connection: 'close', 'content-type': 'application/json' };
  const response = await fetch(new URL(path, url), { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.trim()}`);
  return text === '' ? undefined : JSON.parse(text);
}
