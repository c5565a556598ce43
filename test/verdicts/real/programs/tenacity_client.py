"""tenacity: tries again after 40 ms, 80 ms, 160 ms; what it says comes from its hook before every attempt."""
import sys

from front import CalleeFailed, call, say, serve
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

port, link, retries = (int(text) for text in sys.argv[1:4])
retrying = Retrying(
    stop=stop_after_attempt(retries + 1),
    wait=wait_exponential(multiplier=0.04),
    retry=retry_if_exception_type(CalleeFailed),
    before=lambda state: say("attempt", state.args[2]),
    reraise=True,
)

serve(port, lambda path, token: retrying(call, link, path, token))
