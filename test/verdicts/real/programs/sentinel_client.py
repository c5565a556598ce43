"""redis-py: writes each token to whoever leads by Sentinel, or to the one port that it is given; says of every write when it began and how it went."""
import sys
import time

from front import say, serve
from redis import Redis
from redis.sentinel import Sentinel

port, target, how = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
TIMEOUT_S = 0.5
if how == "sentinel":
    client = Sentinel([("127.0.0.1", target)], socket_timeout=TIMEOUT_S).master_for("lab", socket_timeout=TIMEOUT_S)
else:
    client = Redis(port=target, socket_timeout=TIMEOUT_S)


def write(_path, token):
    began = time.monotonic() * 1000
    try:
        client.set(token, 1)
        say("ok", token, began)
    except Exception:
        say("failed", token, began)
        raise


serve(port, write)
