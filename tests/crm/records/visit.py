"""Visits: a kind of record that tests build beside that of docs/developer.md, to walk over both.

It has a field of every type, neither states nor clocks, and so goes with its client.
"""

from __future__ import annotations

from crm import privacy
from crm.i18n import Words
from crm.shape import description as of
from crm.shape.description import Cell, Field, Shape

WAYS = {"foot": Words("on foot", "kājām", "a piedi"), "car": Words("by car", "ar auto", "in auto")}
VISIT = Shape(
    noun="client_visit",
    many=Words("Visits", "Apmeklējumi", "Visite"),
    one=Words("Visit", "Apmeklējums", "Visita"),
    new=Words("New visit", "Jauns apmeklējums", "Nuova visita"),
    none=Words("No visits yet.", "Apmeklējumu vēl nav.", "Ancora nessuna visita."),
    about=Words("Note who was visited.", "Pierakstīt apmeklējumus.", "Annotare le visite."),
    item=privacy.CORRESPONDENCE,
    plain="says when and how, not what was said",
    fields=(
        Field(
            "reason",
            Words("reason for it", "iemesls", "motivo"),
            item=privacy.CORRESPONDENCE,
            required=True,
            column=0,
        ),
        Field("day", Words("day", "diena", "giorno"), of.DAY, required=True, column=11),
        Field("way", Words("way", "veids", "mezzo"), of.CODE, codes=WAYS, column=9),
        Field("hours", Words("hours", "stundas", "ore"), of.WHOLE),
        Field("expense", Words("expense", "izdevumi", "spesa"), of.MONEY, column=9),
        Field("mail", Words("mail", "pasts", "posta"), of.EMAIL, item=privacy.EMAIL, findable=True),
        Field("call", Words("call", "zvans", "chiamata"), of.PHONE, item=privacy.PHONE),
        Field("paid_to", Words("paid to", "kam", "a chi"), of.IBAN, item=privacy.BANK),
        Field("vat", Words("VAT", "PVN", "IVA"), of.VAT_NO, item=privacy.VAT_NO, findable=True),
        Field("firm", Words("firm", "firma", "ditta"), of.REG_NO, item=privacy.REG_NO),
        Field(
            "code",
            Words("code", "kods", "codice"),
            of.OFFICIAL,
            item=privacy.OFFICIAL_NUMBER,
            findable=True,
        ),
        Field("after", Words("after", "pēc", "dopo"), of.REFERENCE, to="client_visit"),
        Field(
            "along",
            Words("together with", "kopā ar", "insieme a"),
            of.REFERENCES,
            to="client_visit",
        ),
        Field(
            "said",
            Words("what was said", "teiktais", "detto"),
            of.LINES,
            item=privacy.CORRESPONDENCE,
        ),
        Field(
            "steps",
            Words("steps", "soļi", "passi"),
            of.ROWS,
            item=privacy.CORRESPONDENCE,
            column=6,
            rows=(
                Cell("what", Words("step taken", "solis", "passo"), required=True),
                Cell("many", Words("times", "reizes", "volte"), of.WHOLE),
                Cell("cost", Words("cost", "cena", "costo"), of.MONEY),
                Cell("on", Words("done on", "kad", "fatto il"), of.DAY),
                Cell("how", Words("manner", "kā", "modo"), of.CODE, codes=WAYS),
            ),
        ),
    ),
)
