"""The one thread that owns the open register: screens ask it and never wait on the terminal's side.

SQLite's connection and the opened keys belong to the thread that made them. Whatever a screen wants
to know or to do is a small function that is handed over and answered later.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gdpr.errors import KartotekaError, Locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka

_Answer = TypeVar("_Answer")
_Job = tuple["Callable[[], Any]", "asyncio.Future[Any]", "asyncio.AbstractEventLoop"]


class RegisterThread:
    """Runs what screens ask for, one after the other, on the thread that holds the register."""

    def __init__(self) -> None:
        """Start the thread; the register comes with `open`."""
        self._register: Kartoteka | None = None
        self._jobs: deque[_Job] = deque()
        self._looks: deque[_Job] = deque()
        self._waiting = threading.Condition()
        self._ended = self._stopped = False
        # Grows with every closing: what belongs to an earlier opening reaches nobody any more.
        self._closings = 0
        # How long work ended that a lock overtook: None where it was done.
        self.unheard: list[KartotekaError | None] = []
        # Whether the notes beside the register lag behind what was done, and that was not told.
        self._lags = self._told = False
        # Whether long work is being done now.
        self.at_work = False
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Tell whether a register is open."""
        return self._register is not None

    async def open(self, way: Callable[[], Kartoteka]) -> None:
        """Open a register by `way`, closing the one that may be open."""

        def opened() -> None:
            self._close()
            register = way()
            register.__enter__()
            self._register = register

        await self._hand(self._jobs, opened)

    async def ask(self, verb: Callable[[Kartoteka], _Answer]) -> _Answer:
        """Let the register do something and return the answer; its errors are raised here."""
        return await self._hand(self._jobs, lambda: self._asked(verb))

    async def look(self, verb: Callable[[Kartoteka], _Answer]) -> _Answer:
        """Ask for something that only reads, which is answered even between steps of long work."""
        return await self._hand(self._looks, lambda: self._asked(verb))

    async def long(
        self,
        verb: Callable[[Kartoteka, Callable[[int], None]], _Answer],
        progress: Callable[[int], None] | None = None,
    ) -> _Answer:
        """Do long work; it is handed a function to call between its steps, with what they did.

        There looks are answered, so that searching goes on; `progress` is told on the loop.
        """
        loop = asyncio.get_running_loop()
        begun = self._closings

        def report(done: int) -> None:
            if progress is not None and begun == self._closings:
                progress(done)

        def between(done: int, *, asked: bool = True) -> None:
            loop.call_soon_threadsafe(report, done)
            if self._stopped:
                raise Locked
            while asked and (job := self._next(self._looks)):
                _answer(job)

        def whole() -> _Answer:
            problem = None
            self.at_work = True
            try:
                return self._asked(lambda register: verb(register, between))
            except KartotekaError as error:
                problem = error
                raise
            finally:
                self.at_work = False
                if begun != self._closings:
                    self.unheard.append(problem)

        return await self._hand(self._jobs, whole)

    async def apart(
        self,
        verb: Callable[[Kartoteka, Callable[[int], None]], _Answer],
        progress: Callable[[int], None] | None = None,
    ) -> _Answer:
        """Do long work that holds one state of the register, on a thread with its own connection.

        An answer that is logged could not be given inside that state. The two threads take turns:
        between its steps the work waits, while this one answers looks.
        """

        def whole(register: Kartoteka, between: Callable[..., None]) -> _Answer:
            asked = register.can_go_apart
            turns = Turns(register, verb)
            return turns.take(lambda done: between(done, asked=asked))

        return await self.long(whole, progress)

    def lag_to_tell(self) -> bool:
        """Tell once that what was done is done, and its notes could not be written."""
        fresh = self._lags and not self._told
        self._told = self._lags
        return fresh

    async def without_register(self, work: Callable[[], _Answer]) -> _Answer:
        """Do work that needs no register, such as founding one, on the desk's thread."""
        return await self._hand(self._jobs, work)

    async def close(self) -> None:
        """Close the register and drop its keys; the thread stays for the next one.

        What waits is refused at once. What is being done is not cut in two: the keys go after it.
        """
        with self._waiting:
            self._closings += 1
            refused = [*self._jobs, *self._looks]
            self._jobs.clear()
            self._looks.clear()
        for _work, answer, _loop in refused:
            _fail(answer, Locked())
        await self._hand(self._jobs, self._close)

    def stop(self) -> None:
        """Let long work end at its next step; what it was writing is undone."""
        self._stopped = True

    def end(self) -> None:
        """Close everything and end the thread; called once, when the program leaves."""
        with self._waiting:
            self._ended = True
            self._waiting.notify()
        self._thread.join(timeout=60)

    def _held(self) -> Kartoteka:
        if self._register is None:
            raise Locked
        return self._register

    def _asked(self, verb: Callable[[Kartoteka], _Answer]) -> _Answer:
        register = self._held()
        try:
            return verb(register)
        except KartotekaError as problem:
            register.furnish(problem)
            raise
        finally:
            self._lags = register.lags

    def _close(self) -> None:
        register, self._register = self._register, None
        if register is not None:
            register.__exit__(None, None, None)

    async def _hand(self, line: deque[_Job], work: Callable[[], _Answer]) -> _Answer:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Answer] = loop.create_future()
        with self._waiting:
            if self._ended:
                raise Locked
            line.append((work, answer, loop))
            self._waiting.notify()
        return await answer

    def _next(self, line: deque[_Job]) -> _Job | None:
        with self._waiting:
            return line.popleft() if line else None

    def _run(self) -> None:
        while True:
            with self._waiting:
                while not (self._jobs or self._looks or self._ended):
                    self._waiting.wait()
                if self._looks:
                    job = self._looks.popleft()
                elif self._jobs:
                    job = self._jobs.popleft()
                else:
                    break
            _answer(job)
        self._close()


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


def _answer(job: _Job) -> None:
    work, answer, loop = job
    if answer.cancelled():
        return
    try:
        result = work()
    except BaseException as problem:  # noqa: BLE001 - it is raised again where it was asked
        from crm.session.words import foreseen  # noqa: PLC0415 - paint first

        loop.call_soon_threadsafe(_fail, answer, foreseen(problem) or problem)
    else:
        loop.call_soon_threadsafe(_fulfil, answer, result)


def _fulfil(answer: asyncio.Future[Any], result: object) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], problem: BaseException) -> None:
    if not answer.done():
        answer.set_exception(problem)
