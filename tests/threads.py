"""Several people at once: calls in threads, each on a connection of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue
from typing import Any

from django.db import connection, transaction

WAIT_SECONDS = 600  # a busy machine is no fault of the code


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised; all begin at the same moment, already connected."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(WAIT_SECONDS)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def begun(call: Callable[[], Any]) -> Future[Any]:
    """The call, once it waits for somebody's lock or has ended: no test need guess how soon.

    Of PostgreSQL only, which can tell.
    """
    sessions: Queue[int] = Queue()

    def run() -> Any:
        try:
            connection.ensure_connection()
            sessions.put(connection.connection.info.backend_pid)
            return call()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    found = pool.submit(run)
    pool.shutdown(wait=False)
    session = sessions.get(timeout=WAIT_SECONDS)
    while not found.done() and not waits(session):
        time.sleep(0.01)
    return found


def waits(session: int) -> bool:
    """Whether another session holds what this one wants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [session])
        return cursor.fetchone()[0]


@contextmanager
def meanwhile(work: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Somebody else's transaction: `work` is done in it, and it stays open until `commit()`.

    The commit comes at the end of the block where nothing called it before. Raises what the work
    raised.
    """
    done: Future[None] = Future()
    go_on = threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set_result(None)
                go_on.wait(WAIT_SECONDS)
        except Exception as error:
            if done.done():
                raise
            done.set_exception(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def commit() -> None:
        go_on.set()
        thread.join(WAIT_SECONDS)

    try:
        done.result(WAIT_SECONDS)
        yield commit
    finally:
        commit()


def after(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What the second returned or raised, begun before the first has committed."""
    with meanwhile(first) as commit:
        result = begun(second)
        commit()
    return result.exception() or result.result()


def counted(results):
    """How often each class of exception was raised; None stands for no exception."""
    kinds = [type(result) if isinstance(result, Exception) else None for result in results]
    return {kind: kinds.count(kind) for kind in kinds}
