"""Names meet however they are spelled."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.names.folding import _fold_slowly, fold, fold_many, other_spellings, words

# A Russian spelling and the Latvian name it stands for.
SPELLINGS = """
Берзиньш Bērziņš|Берзиня Bērziņa|Калниньш Kalniņš|Калныньш Kalniņš|Калниня Kalniņa
Озолс Ozols|Озола Ozola|Озолиньш Ozoliņš|Озолиня Ozoliņa|Янис Jānis|Янсонс Jansons
Петерсонс Pētersons|Петерсоне Pētersone|Лиепа Liepa|Лиепиньш Liepiņš|Круминьш Krūmiņš
Круминя Krūmiņa|Зариньш Zariņš|Зариня Zariņa|Силиньш Siliņš|Балодис Balodis|Витолс Vītols
Витола Vītola|Клявиньш Kļaviņš|Клявиня Kļaviņa|Эглитис Eglītis|Еглитис Eglītis|Эглите Eglīte
Упитис Upītis|Розитис Rozītis|Целминьш Celmiņš|Шмитс Šmits|Жагарс Žagars|Чакле Čakle
Звейниекс Zvejnieks|Муйжниекс Muižnieks|Абеле Ābele|Аболиньш Āboliņš|Путниньш Putniņš
Екабсонс Jēkabsons|Екабс Jēkabs|Ева Ieva|Иева Ieva|Юрис Juris|Юлия Jūlija|Мария Marija
Кришьянис Krišjānis|Кришянис Krišjānis|Райвис Raivis|Рейнис Reinis|Лайма Laima|Айга Aiga
Андрейс Andrejs|Гиртс Ģirts|Кениньш Ķēniņš|Кирсис Ķirsis|Гельмутс Helmuts|Хелмутс Helmuts
Харийс Harijs|Илзе Ilze|Инесе Inese|Байба Baiba|Гунтис Guntis|Эдгарс Edgars|Вильнис Vilnis
Дзинтарс Dzintars|Дзидра Dzidra|Дайнис Dainis|Санита Sanita|Страуюпе Straujupe|Вейонис Vējonis
Яунземе Jaunzeme|Аушкапс Auškāps|Татьяна Tatjana|Наталья Natalja|Рязанова Rjazanova
Бирюкова Birjukova|Людмила Ļudmila|Артёмс Artjoms|Пётрс Pjotrs|Щербакова Ščerbakova
Цируле Cīrule|Елена Jeļena|Андреевс Andrejevs|Васильевс Vasiļjevs|Рыжовс Rižovs|Мелнис Melnis
Лусис Lūsis|Вилкс Vilks|Скуя Skuja|Скуиньш Skujiņš|Дуйна Duina|Грава Grava|Снегс Sņegs
"""
PAIRS = [tuple(pair.split()) for line in SPELLINGS.split("\n") for pair in line.split("|") if pair]
# Spellings that differ by more than a table can know; the fuzzy search is there for them.
BEYOND_THE_TABLE = {"Ева", "Скуиньш"}


def test_the_list_is_long_enough_to_mean_something() -> None:
    """At least sixty pairs stand behind the promise about Russian spellings."""
    assert len(PAIRS) - len(BEYOND_THE_TABLE) >= 60


@pytest.mark.parametrize(("russian", "latvian"), PAIRS)
def test_a_russian_spelling_meets_the_latvian_name(russian: str, latvian: str) -> None:
    """One of the folds of the Russian spelling equals the fold of the Latvian name."""
    met = fold(latvian) in words(russian)[0]

    assert met is (russian not in BEYOND_THE_TABLE)


@pytest.mark.parametrize(("russian", "latvian"), PAIRS)
def test_other_spellings_complete_the_fold(russian: str, latvian: str) -> None:
    """The fold and the other spellings of a stored name are exactly the spellings of its word."""
    assert (fold(russian), *other_spellings(russian)) == words(russian)[0]
    assert other_spellings(latvian) == ()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ('SIA "Bērziņš un dēli"', "sia berzins un deli"),
        ("SIA „Bērziņš & dēli”", "sia berzins deli"),
        ("BĒRZIŅŠ", "berzins"),
        ("Be\u0304rzin\u0327s\u030c", "berzins"),
        ("D'Angelo", "dangelo"),
        ("D\u2019Angelo", "dangelo"),
        ("De Luca-Bianchi", "de luca bianchi"),
        ("Niccolò Pagà", "niccolo paga"),
        ("Straße Łódź Åse", "strasse lodz ase"),
        ("Õie Tänav OÜ", "oie tanav ou"),
        ("Krasta\u00a0Centrs\u20142", "krasta centrs 2"),
        ("  A.B.  C/D  ", "a b c d"),
        ("4000 379-8684", "4000 379 8684"),
        ("４２", "42"),
        ("北京", "beijing"),
        ("Берзиньш Янис", "berzins janis"),
        ("ООО «Берзиньш»", "ooo berzins"),
        ("Київ", "kijiv"),
        ("…", ""),
        ("", ""),
    ],
)
def test_marks_case_and_diacritics_do_not_matter(written: str, folded: str) -> None:
    """Quotes, case, composed or combining diacritics and foreign letters fold away."""
    assert fold(written) == folded


def test_a_russian_surname_is_found_as_the_beginning_of_its_latvian_form() -> None:
    """Иванов, which Latvian writes Ivanovs, folds to its beginning."""
    assert fold("Ivanovs").startswith(fold("Иванов"))
    assert fold("Dmitrijs").startswith(fold("Дмитрий"))
    assert fold("Sergejs").startswith(fold("Сергей"))


@given(st.text())
def test_a_fold_is_plain_words(text: str) -> None:
    """Whatever comes in, lower-case ASCII letters and digits come out, one space between words."""
    folded = fold(text)

    assert folded == " ".join(folded.split())
    assert all(word.isascii() and word.isalnum() for word in folded.split())
    assert folded == folded.lower()
    assert fold(folded) == folded


@given(st.text(alphabet=st.characters(max_codepoint=0x2100), max_size=30))
def test_the_quick_way_folds_like_the_slow_one(text: str) -> None:
    """The code page of common letters changes nothing but the speed."""
    assert fold(text) == _fold_slowly(text)


def test_every_letter_folds_alike_both_ways() -> None:
    """No letter of the code page folds to something else by the slow way."""
    letters = [chr(point) for point in range(0x2100)]

    assert [fold(letter) for letter in letters] == [_fold_slowly(letter) for letter in letters]


@given(st.lists(st.text(alphabet="aBč'\" .ņŠ„”\n\u2028\xa0ßяЯ1", max_size=8), min_size=1))
def test_many_fold_like_one(texts: list[str]) -> None:
    """Folding a whole list gives what folding each gives, whatever breaks its lines."""
    assert fold_many(texts) == [fold(text) for text in texts]


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ -'.aē", max_size=40))
def test_the_first_spelling_is_the_fold(text: str) -> None:
    """Searching and sorting agree on what a name is called."""
    assert " ".join(options[0] for options in words(text)) == fold(text)
    assert all(1 <= len(options) <= 16 for options in words(text))


def test_folding_costs_nothing_to_import() -> None:
    """The transliteration tables are loaded with the first letter that needs them."""
    probe = (
        "import sys, crm.names.folding as f; "
        "f.fold('Bērziņš Берзиньш'); print('anyascii' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
