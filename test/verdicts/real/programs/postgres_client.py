"""psycopg2: inserts each token into the server that libpq takes from those it is given; says of every one when it began and how it went.

All share one connection, which is made anew after it has failed: in a pool every stale one would fail a request, long after the failover.
"""
import sys
import threading
import time

import psycopg2
from front import say, serve

port, conninfo = int(sys.argv[1]), sys.argv[2]
one_at_a_time = threading.Lock()
connection = None


def insert(token):
    global connection
    with one_at_a_time:
        if connection is None:
            connection = psycopg2.connect(conninfo)
            connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("insert into tokens values (%s)", (token,))
        except psycopg2.Error:
            connection.close()
            connection = None
            raise


def write(_path, token):
    began = time.monotonic() * 1000
    try:
        insert(token)
        say("ok", token, began)
    except psycopg2.Error:
        say("failed", token, began)
        raise


serve(port, write)
