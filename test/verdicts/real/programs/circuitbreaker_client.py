"""circuitbreaker: 5 failures in a row, open for 250 ms; what it says is its `state`, looked at before and after every call."""
import sys
import threading

from circuitbreaker import CircuitBreaker
from front import CalleeFailed, call, say, serve

NAMES = {"closed": "closed", "open": "open", "half_open": "halfOpen"}

port, link = int(sys.argv[1]), int(sys.argv[2])
breaker = CircuitBreaker(failure_threshold=5, recovery_timeout=0.25, expected_exception=CalleeFailed)
protected = breaker(lambda path, token: call(link, path, token))
looking = threading.Lock()
told = "closed"


def tell():
    global told
    with looking:
        if breaker.state != told:
            told = breaker.state
            say(NAMES[told])


def guarded(path, token):
    tell()
    try:
        protected(path, token)
    finally:
        tell()


serve(port, guarded)
