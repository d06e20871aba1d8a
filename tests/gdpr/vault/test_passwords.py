"""Passwords: what is refused, what is offered, and what a guess must cost."""

import random
import subprocess
import sys
from math import log2
from unicodedata import normalize

import pytest

from gdpr.vault.errors import KdfOutOfBounds, PasswordTooLong, PasswordTooShort, WeakPassword
from gdpr.vault.kdf import FLOOR, KdfParameters, calibrate, derive_password_key
from gdpr.vault.passwords import (
    LANGUAGES,
    check_password,
    suggest_passphrase,
    word_list,
)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", PasswordTooShort),
        ("x7#Kp2!mQ9$vL4", PasswordTooShort),
        ("ﬁ" * 7, PasswordTooShort),
        (normalize("NFD", "ķēžūāčšģņļī"), PasswordTooShort),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", WeakPassword),
        ("passwordpassword", WeakPassword),
        ("123456789012345678", WeakPassword),
        ("qwertyuiopasdfgh", WeakPassword),
        ("kuģis zeķe piatto " * 20, PasswordTooLong),
    ],
    ids=[
        "nothing",
        "14 good",
        "ligatures",
        "marks count with their letter",
        "a",
        "word",
        "digits",
        "keys",
        "endless",
    ],
)
def test_weak_passwords_are_refused(password, error):
    """Short and guessable passwords are refused, each with the reason."""
    with pytest.raises(WeakPassword) as caught:
        check_password(password)
    assert type(caught.value) is error


def test_names_an_attacker_knows_do_not_count():
    """The firm's and the user's own names make a password weaker, not longer."""
    known = ["Daugavpils Datori", "Zvirgzdiņš", ""]
    password = "zvirgzdiņšdaugavpils datori"
    check_password(password)
    with pytest.raises(WeakPassword):
        check_password(password, known)


@pytest.mark.parametrize(
    "password",
    [
        "jaunais birojs 1",
        "Jaunais-birojs-2026",
        "jaunaisbirojs12",
        "Birojs!jaunais!Birojs!",
        "j4un4is b1r0js 2026",
        "Jaunais_Zvirgzdins7",
        "zvirgzdiņš ZVIRGZDIŅŠ 99",
        "jaunais birojs, jaunais birojs",
    ],
)
def test_a_name_with_a_little_added_is_refused(password):
    """Spaces, signs, digits and letters without their marks leave a known name what it is."""
    with pytest.raises(WeakPassword):
        check_password(password, ["Jaunais birojs", "Zvirgzdiņš"])


@pytest.mark.parametrize(
    "name", ["Jaunais birojs", "Jaunais (birojs)", "1+1 [", "", "ab", "\\d{2}"]
)
def test_a_phrase_may_hold_a_known_word(name):
    """What is strong without the known words is strong with them, whatever signs a name has."""
    check_password("jaunais fence-street-leather-dragon", [name])


@pytest.mark.parametrize(
    "password",
    [
        "ozola it 2026 ozola",
        "sia ozola it 1",
        "Ozola - IT - 2026 - 01 -",
        "inga_it_ozola_2026_inga",
        "ozola.it.ozola.it.99",
    ],
)
def test_what_joins_known_names_adds_nothing(password):
    """Names, a short one among them, with a year and spaces or hyphens between stay weak."""
    with pytest.raises(WeakPassword):
        check_password(password.ljust(15, "1"), ["SIA Ozola IT", "inga"])


def test_long_phrases_pass():
    """A phrase beyond what the scorer takes is judged by its beginning and accepted."""
    check_password("fence-street-leather-dragon " * 8)
    check_password("fence-street-leather-dragon", ["x" * 500])


@pytest.mark.parametrize("language", LANGUAGES)
def test_offered_phrases_are_strong(language):
    """A phrase that we offer passes our own check, and there are honestly over 54 bits in it."""
    words = word_list(language)
    assert 6 * log2(len(words)) > 54
    for _ in range(20):
        phrase = suggest_passphrase(language)
        assert set(phrase.split("-")) <= set(words)
        assert phrase.count("-") == 5
        check_password(phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_clean(language):
    """Every word is one lower-case word of three letters or more, once, in order."""
    words = word_list(language)
    assert list(words) == sorted(set(words))
    for word in words:
        assert word.isalpha()
        assert word == word.lower()
        assert 3 <= len(word) <= 12


def test_phrases_come_from_the_systems_randomness():
    """A seeded generator does not foretell a phrase, and phrases differ."""
    random.seed(1)
    first = {suggest_passphrase("lv") for _ in range(50)}
    random.seed(1)
    assert len(first) == 50
    assert suggest_passphrase("lv") not in first


def test_another_language_gets_english():
    """A language without a list is served in English."""
    assert word_list("de") == word_list("en")
    assert word_list("../../secret") == word_list("en")


def test_the_same_letters_from_another_keyboard():
    """Composed and decomposed letters are one password; case, spaces and order are not."""
    salted = FLOOR.salted()
    key = derive_password_key("Rīga naktī un dienā", salted)
    assert derive_password_key(normalize("NFD", "Rīga naktī un dienā"), salted) == key
    assert derive_password_key("rīga naktī un dienā", salted) != key
    assert derive_password_key("Rīga naktī un dienā ", salted) != key
    assert derive_password_key("\ud800 lone surrogates cannot crash it", salted) != key


def test_every_password_has_its_own_salt():
    """The same password twice gives two keys."""
    assert FLOOR.salted().salt != FLOOR.salted().salt
    keys = {derive_password_key("the same password", FLOOR.salted()) for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)], ids=len)
def test_a_salt_has_16_bytes(salt):
    """A salt cut away by the host is refused."""
    with pytest.raises(KdfOutOfBounds):
        KdfParameters(salt, 65536, 3, 4).check()


def test_the_limits_themselves_are_allowed():
    """The floor and the ceiling are inside the bounds."""
    KdfParameters(bytes(16), 64 * 1024, 3, 1).check()
    KdfParameters(bytes(16), 2048 * 1024, 16, 16).check()
    FLOOR.salted().check()


def test_calibration_never_goes_below_the_floor():
    """A slow machine gets the floor, a fast target no more than a gibibyte."""
    assert calibrate(0.0) == FLOOR
    cost = calibrate(3600.0)
    assert cost.memory_kib == 1024 * 1024
    assert (cost.time, cost.lanes) == (FLOOR.time, FLOOR.lanes)


STARVED = """
import resource
from gdpr.vault.errors import NotEnoughMemory
from gdpr.vault.kdf import KdfCost, derive_password_key
resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
try:
    derive_password_key("password", KdfCost(1 << 20, 3, 4).salted())
except NotEnoughMemory as error:
    print(error.arguments)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on a process's memory")
def test_a_machine_without_the_memory_says_so():
    """When the machine has no memory to give, the answer is an error of ours and not a crash."""
    run = subprocess.run([sys.executable, "-c", STARVED], capture_output=True, check=False)
    assert (run.stdout, run.stderr) == (b"{'mebibytes': 1024}\n", b"")
