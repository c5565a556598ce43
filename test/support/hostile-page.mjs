/** What a web page can try against a daemon without its leave. Runs in the page: it knows nothing of this file, and says what it could read of the answers. */
export async function tryAll(base) {
  const read = [];
  const fault = { id: 'evil', type: 'abort', proxies: ['a->b'], value: { status: 503 }, lease: '30s' };
  const body = JSON.stringify({ run: 'by-hand', faults: [fault] });
  const json = { 'content-type': 'application/json' };
  const text = { 'content-type': 'text/plain' };
  const ask = async (path, init) => {
    try {
      const answer = await fetch(base + path, { ...init, signal: AbortSignal.timeout(5_000) });
      if (answer.type !== 'opaque') read.push(`${init.method ?? 'GET'} ${path}: ${answer.status}`);
    } catch {
      // Refused before it was sent, or its answer kept from us.
    }
  };
  await ask('/v1/faults', { method: 'POST', headers: json, body });
  await ask('/v1/faults', { method: 'POST', mode: 'no-cors', headers: text, body });
  await ask('/v1/faults', { method: 'POST', mode: 'no-cors', body: new Blob([body]) });
  await ask('/v1/halt', { method: 'POST', mode: 'no-cors' });
  await ask('/v1/halt', { method: 'POST', headers: json });
  await ask('/v1/proxies/a-%3Eb', { method: 'DELETE' });
  await ask('/proxies/a-%3Eb', { method: 'POST', mode: 'no-cors', headers: text, body: '{"enabled":false}' });
  await ask('/v1/live', {});
  await ask('/v1/faults', {});
  navigator.sendBeacon(`${base}/v1/halt`, new Blob(['{}'], { type: 'text/plain' }));
  for (const [type, path] of [
    ['text/plain', '/v1/halt'],
    ['application/x-www-form-urlencoded', '/v1/faults'],
    ['multipart/form-data', '/v1/halt'],
  ]) {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.name = `frame-${path}-${type}`;
    const form = document.body.appendChild(document.createElement('form'));
    Object.assign(form, { method: 'post', action: base + path, enctype: type, target: frame.name });
    const field = form.appendChild(document.createElement('input'));
    Object.assign(field, { name: '{"reason":"', value: '"}' });
    await new Promise((resolve) => {
      frame.onload = resolve;
      form.submit();
      setTimeout(resolve, 300);
    });
  }
  await new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    image.src = `${base}/v1/halt`;
  });
  return read;
}

export function frame(url) {
  document.body.appendChild(document.createElement('iframe')).src = url;
}
