"""What every screen may rely on: the app with its desk, its user and its manner of speaking."""

from __future__ import annotations

from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.screen import Screen

from crm import i18n
from crm.errors import StateNotWritten
from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.key_bindings import KEY_GROUPS
from tui.places import maker
from tui.preferences import Preferences
from tui.register_thread import RegisterThread
from tui.safe import ControlGuard, one_line
from tui.typed_keys import TypedKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Literal

    from textual.binding import ActiveBinding
    from textual.filter import LineFilter
    from textual.worker import Worker

    from crm.session.cards import CurrentUser

    Severity = Literal["information", "warning", "error"]

# What the user calls a theme -> what the toolkit calls it.
THEMES = {"dark": "textual-dark", "light": "textual-light", "terminal": "ansi-dark"}
# Keys by which one moves about: everybody knows them, so they come after all others.
_MOVING = frozenset(
    key.id
    for group in ("list", "matrix", "lines", "text")
    for key in KEY_GROUPS[group]
    if key.id != "list.open"
)
_PLACES = {
    key.id: place for place, key in enumerate(key for group in KEY_GROUPS.values() for key in group)
}
# What the works are called that store what was typed.
_SAVING = frozenset({"action_save", "save"})
_P = ParamSpec("_P")
_Answer = TypeVar("_Answer")
_Asker = TypeVar("_Asker", bound="Screen[Any]")


class Program(App[int]):
    """The app as screens see it: whom to ask, who asks, and how to tell the user something."""

    ENABLE_COMMAND_PALETTE = True

    def __init__(self) -> None:
        """Start the desk's thread and read what the user likes."""
        super().__init__()
        # Over a slow line something that glides is drawn many times and hinders who reads.
        self.animation_level = "none"
        self.desk = RegisterThread()
        self.preferences = Preferences.load()
        self.me: CurrentUser | None = None
        self._guard = ControlGuard()
        self._typed = TypedKeys(self, self._deliver)

    def has_screen(self, screen: Screen[Any]) -> bool:
        """Tell whether a screen still stands on one of the stacks."""
        return any(screen in stack for stack in self._screen_stacks.values())

    @property
    def is_typed_at(self) -> bool:
        """Tell whether a key still waits for its answer."""
        return self._typed.is_busy

    async def on_event(self, event: events.Event) -> None:
        """Take keys in the order they were typed; everything else at once."""
        if isinstance(event, events.Key) and (self._closing or self._exit):
            # Nobody is there for it any more, and the toolkit would look for a screen.
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._typed.add(event)
        else:
            await super().on_event(event)

    async def _deliver(self, key: events.Key) -> None:
        try:
            await super().on_event(key)
        except Exception as problem:  # noqa: BLE001 - it ends the app as it would from the queue
            self._handle_exception(problem)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let every drawn line pass the guard last."""
        return [*super().get_line_filters(), self._guard]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice; what it says is never read as markup."""
        del markup
        super().notify(
            one_line(message),
            title=one_line(title),
            severity=severity,
            timeout=timeout,
            markup=False,
        )

    def prefer(self, chosen: Preferences) -> None:
        """Keep a choice for the next time and let it take effect."""
        self.preferences = chosen
        self.theme = THEMES[chosen.theme]
        try:
            chosen.save()
        except (OSError, ValueError):
            self.notify(_("The config file could not be written."), severity="warning")

    async def speak(self, language: str) -> None:
        """Speak another language from now on."""
        i18n.use(language)

    def sign(self, sign: str, plain: str) -> str:
        """Return a sign, or the plain letters of a user whose terminal has no such sign."""
        return plain if self.preferences.icons == "ascii" else sign

    def tell(self, problem: KartotekaError) -> None:
        """Say what went wrong, and what to do, as the command line would."""
        self.notify(explain(problem), severity="error", timeout=8)

    def visit(
        self, place: str, *arguments: object, then: Callable[[Any], None] | None = None
    ) -> None:
        """Push the screen of a place; `then` gets what it is left with, None for nothing."""
        self.push_screen(maker(place, *arguments)(), then)

    @property
    def reads(self) -> frozenset[str]:
        """The categories that the user may read; none before anybody is in."""
        return frozenset() if self.me is None else self.me.reads

    @property
    def writes(self) -> frozenset[str]:
        """The categories that the user may write."""
        return frozenset() if self.me is None else self.me.writes

    def user_may(self, *, duty: str | None = None, write: str | None = None) -> bool:
        """Tell whether the user has a duty, or may write a category; services decide for good."""
        if self.me is None:
            return False
        return (duty is None or duty in self.me.duties) and (
            write is None or write in self.me.writes
        )


class LeavingScreen(Screen[_Answer]):
    """A screen that leaves from the top of the stack only, and once.

    The toolkit takes away whatever stands on top, which may be another screen by the time work is
    done: a question over this one, or an area that somebody went to meanwhile.
    """

    _has_left = False
    _leaves_with: tuple[_Answer | None] | None = None

    @property
    def register(self) -> Program:
        """The app, as what it is."""
        return cast("Program", self.app)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work here, described in the language in use."""
        return spoken(super().active_bindings)

    @property
    def is_saving(self) -> bool:
        """Tell whether something is being stored here: until it is, or is refused, one stays."""
        return any(
            work.node is self and work.group in _SAVING and not work.is_finished
            for work in self.workers
        )

    def dismiss(self, result: _Answer | None = None) -> AwaitComplete:
        """Leave, now or once this stands on top again."""
        if self.is_active and not self._has_left:
            self._has_left = True
            return super().dismiss(result)
        if not self._has_left:
            self._leaves_with = (result,)
        return AwaitComplete.nothing()  # type: ignore[no-untyped-call, no-any-return] # untyped there

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Leave, if that was to be when something else stood on top."""
        del event
        if self._leaves_with is not None:
            self.dismiss(*self._leaves_with)


class AppScreen(LeavingScreen[Any]):
    """A screen of ours: it asks the desk, speaks the language in use and hides what may not be."""

    @property
    def desk(self) -> RegisterThread:
        """Whom to ask."""
        return self.register.desk

    def action_back(self) -> object:
        """Leave for where one came from; what comes back may have to ask first."""
        if not self.is_saving:
            self.dismiss(None)
        return None


def spoken(found: dict[str, ActiveBinding]) -> dict[str, ActiveBinding]:
    """Return bindings in the order of the table, described in the language in use.

    Classes hold them in English, and in the order in which widgets happen to bind a key.
    """
    from dataclasses import replace  # noqa: PLC0415 - needed once a screen is drawn

    return {
        key: active._replace(
            binding=replace(active.binding, description=_(active.binding.description))
        )
        for key, active in sorted(found.items(), key=lambda pair: _rank(pair[1].binding.id))
    }


def offered(screen: Screen[Any]) -> list[ActiveBinding]:
    """Return the keys that do something now; those of the toolkit have no id and speak English."""
    return [
        active
        for active in screen.active_bindings.values()
        if active.enabled and active.binding.description and active.binding.id
    ]


def _rank(name: str | None) -> tuple[int, int]:
    """Put opening first, then what only this screen does, the way back, and the rest."""
    if name is None or name in _MOVING:
        group = 4
    elif name.startswith("app."):
        group = 3
    else:
        group = {"list.open": 0, "back": 2}.get(name, 1)
    return group, _PLACES.get(name or "", 0)


def explain(problem: KartotekaError) -> str:
    """Say an error in the language in use, with article, remedy and authority."""
    from crm.session.words import on_screen, refusal_words  # noqa: PLC0415 - only a failure needs its words

    return on_screen(problem) + refusal_words(problem)


def task(
    work: Callable[Concatenate[_Asker, _P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[_Asker, _P], Worker[None]]:
    """Make a screen's method run beside the drawing; a newer call of it replaces the one running.

    That is for what only looks; an answer nobody waits for any more does no harm.
    """

    def start(screen: _Asker, /, *args: _P.args, **kwargs: _P.kwargs) -> Worker[None]:
        run = partial(_told, screen, partial(work, screen, *args, **kwargs))
        return screen.run_worker(run, group=work.__name__, exclusive=True)

    update_wrapper(start, work)
    return start


def run_once(
    work: Callable[Concatenate[_Asker, _P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[_Asker, _P], Worker[None]]:
    """Make a screen's method do one thing at a time: a call while it runs is not heard.

    That is for what stores or asks. Replaced by a key that was pressed twice, it would be done and
    not told, and then done again.
    """

    def start(screen: _Asker, /, *args: _P.args, **kwargs: _P.kwargs) -> Worker[None]:
        for running in screen.workers:
            same = running.node is screen and running.group == work.__name__
            if same and not running.is_finished:
                return cast("Worker[None]", running)
        run = partial(_told, screen, partial(work, screen, *args, **kwargs))
        return screen.run_worker(run, group=work.__name__)

    update_wrapper(start, work)
    return start


async def _told(screen: Screen[Any], work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work; an error of our tree becomes a notice, anything else ends the app."""
    program = cast("Program", screen.app)
    try:
        await work()
    except KartotekaError as problem:
        program.tell(problem)
    except NoMatches:
        # A screen that was left while it asked has nothing any more to show it on.
        if program.has_screen(screen):
            raise
    if program.desk.lag_to_tell():
        program.tell(StateNotWritten())
