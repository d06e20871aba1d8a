"""Long work on a thread of its own, in turns with the thread that owns the open register."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka

_Answer = TypeVar("_Answer")


class Turns(Generic[_Answer]):
    """One piece of work that gives up its turn at each of its steps; never do both threads run."""

    def __init__(
        self,
        register: Kartoteka,
        verb: Callable[[Kartoteka, Callable[[int], None]], _Answer],
    ) -> None:
        """Prepare to let `verb` work; it is handed what to call between its steps."""
        self._register = register
        self._verb = verb
        # What a step did, or None at the end.
        self._steps: SimpleQueue[int | None] = SimpleQueue()
        self._turn = threading.Semaphore(0)
        self._answers: list[_Answer] = []
        self._problem: BaseException | None = None

    def take(self, between: Callable[[int], None]) -> _Answer:
        """Let the work go on until its end, call `between` after each step, return its answer."""
        thread = threading.Thread(target=self._work, name="desk-apart", daemon=True)
        thread.start()
        while (done := self._steps.get()) is not None:
            try:
                between(done)
            except BaseException as problem:  # noqa: BLE001 - the work ends with it, as if it had called
                self._problem = problem
            self._turn.release()
        thread.join()
        if self._problem is not None:
            raise self._problem
        return self._answers[0]

    def _work(self) -> None:
        try:
            with self._register.apart():
                self._answers.append(self._verb(self._register, self._step))
        except BaseException as problem:  # noqa: BLE001 - it is raised again on the other thread
            self._problem = problem
        finally:
            self._steps.put(None)

    def _step(self, done: int) -> None:
        self._steps.put(done)
        self._turn.acquire()
        if self._problem is not None:
            raise self._problem
