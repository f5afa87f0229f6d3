"""Several calls at the same time."""

import threading

from django.db import connection


def in_threads(*calls):
    """Run them at the same time, each on its own connection; returns what they raised."""
    barrier, raised = threading.Barrier(len(calls)), []

    def run(call):
        try:
            barrier.wait(10)
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return raised
