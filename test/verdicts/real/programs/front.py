"""What stands before a link for a defence written in Python: every request goes through the defence, which calls the dependency or does not.

Says on standard output, a JSON object a line, what the defence did and when, by CLOCK_MONOTONIC.
"""
import http.client
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


saying = threading.Lock()


class CalleeFailed(Exception):
    """It gave no answer, or one that says that it failed."""


def say(says, of="", at_ms=None):
    line = json.dumps({"says": says, "of": of, "atMs": time.monotonic() * 1000 if at_ms is None else at_ms})
    with saying:
        print(line, flush=True)


def call(port, path, token):
    """On a connection of its own, so that none is stale."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path, headers={"x-request-id": token, "connection": "close"})
        answer = link.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise CalleeFailed(str(error)) from error
    finally:
        link.close()
    if answer.status >= 500:
        raise CalleeFailed(f"status {answer.status}")


def serve(port, guarded):
    """Answers 200 where guarded(path, token) returns and 503 where it raises."""

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            try:
                guarded(self.path, self.headers["x-request-id"])
                status = 200
            except Exception:
                status = 503
            self.send_response_only(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", port), Front).serve_forever()
