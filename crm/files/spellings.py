"""The words by which address books name their columns and kinds, in our three languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SILENT = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Reduce a heading or word to what its spellings have in common."""
    if text.strip() == "#":
        return "no"
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return _SILENT.sub("", plain)


# field: language: headings as people write them; folding makes case, accents and dots equal.
SPELLINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "nr": {
        "lv": "nr|npk|n.p.k.|numurs|klienta nr|klienta numurs",
        "it": "n|num|numero|codice cliente|n cliente",
        "en": "no|number|#|client no|client number|customer number|id",
    },
    "kind": {
        "lv": "klienta veids|veids|personas veids|klienta tips|tips|statuss (fiziska/juridiska)",
        "it": "tipo|tipo cliente|tipologia|tipo soggetto|natura giuridica",
        "en": "kind|type|client type|customer type|client kind|person type",
    },
    "country": {
        "lv": "valsts|valsts kods|valsts (kods)",
        "it": "nazione|paese|stato|codice paese|codice nazione|idpaese",
        "en": "country|country code",
    },
    "name": {
        "lv": "nosaukums|uzņēmuma nosaukums|klients|klienta nosaukums|firma"
        "|pilns nosaukums|uzņēmējsabiedrība",
        "it": "denominazione|ragione sociale|ditta|cliente"
        "|denominazione / ragione sociale|intestazione",
        "en": "name|company name|client|client name|legal name"
        "|business name|customer|customer name",
    },
    "given_name": {
        "lv": "vārds|klienta vārds",
        "it": "nome|nome di battesimo",
        "en": "given name|first name|forename",
    },
    "family_name": {
        "lv": "uzvārds|klienta uzvārds",
        "it": "cognome",
        "en": "family name|surname|last name",
    },
    "reg_no": {
        "lv": "reģ. nr|reģistrācijas nr|reģistrācijas numurs|reģistrācijas nr. / personas kods"
        "|vienotais reģistrācijas numurs|uzņēmuma reģ. nr|reģ. numurs",
        "it": "numero di registrazione|n. registrazione|codice fiscale azienda"
        "|codice fiscale società",
        "en": "reg no|registration no|registration number|company number|company no|reg number"
        "|company registration number",
    },
    "vat_no": {
        "lv": "pvn nr|pvn numurs|pvn reģ. nr|pvn reģistrācijas nr|pvn reģistrācijas numurs"
        "|pvn maksātāja numurs|pvn",
        "it": "partita iva|p.iva|p. iva|piva|p. iva / vat|numero iva",
        "en": "vat no|vat number|vat|vat id|vat reg no|vat registration number",
    },
    "personal_code": {
        "lv": "personas kods|pers. kods|p.k.|pk",
        "it": "codice fiscale|cod. fiscale|c.f.|cf|codicefiscale",
        "en": "personal code|tax code|personal id|national id|personal identity number",
    },
    "email": {
        "lv": "e-pasts|e-pasta adrese|epasts|elektroniskais pasts|e-pasts rēķiniem",
        "it": "posta elettronica|indirizzo e-mail|e-mail aziendale|email",
        "en": "mail|e-mail",
    },
    "phone": {
        "lv": "tālrunis|tālruņa nr|tālruņa numurs|telefons|tel. nr",
        "it": "telefono|n. telefono|numero di telefono|tel",
        "en": "phone|telephone|telephone number",
    },
    "iban": {
        "lv": "konts (iban)|konts|bankas konts|konta numurs|norēķinu konts|konta nr",
        "it": "conto|conto corrente|coordinate bancarie|conto (iban)|codice iban",
        "en": "iban|account|bank account|account (iban)|account number",
    },
    "legal_address": {
        "lv": "juridiskā adrese|adrese|deklarētā adrese|jur. adrese|pasta adrese",
        "it": "indirizzo|sede legale|indirizzo sede legale|sede|indirizzo di residenza",
        "en": "legal address|address|registered address|registered office|postal address",
    },
    "delivery_address": {
        "lv": "piegādes adrese|faktiskā adrese|saņemšanas adrese",
        "it": "indirizzo di consegna|indirizzo di spedizione|indirizzo consegna|sede operativa",
        "en": "delivery address|shipping address|actual address",
    },
    "language": {
        "lv": "valoda|saziņas valoda|saskarsmes valoda",
        "it": "lingua|lingua preferita",
        "en": "language|preferred language",
    },
    "channel": {
        "lv": "saziņas veids|vēlamais saziņas veids|saziņas kanāls",
        "it": "canale|canale preferito|canale di contatto",
        "en": "channel|preferred channel|contact channel",
    },
    "notes": {
        "lv": "piezīmes|piezīme|komentārs|komentāri|papildinformācija",
        "it": "note|annotazioni|commenti|osservazioni",
        "en": "notes|remarks|comment|comments|remark",
    },
    "contact_given_name": {
        "lv": "kontaktpersonas vārds|kontaktpersona vārds|pārstāvja vārds",
        "it": "referente nome|nome referente|nome del referente|contatto nome|nome contatto",
        "en": "contact given name|contact first name|contact person first name"
        "|contact person given name",
    },
    "contact_family_name": {
        "lv": "kontaktpersonas uzvārds|kontaktpersona uzvārds|pārstāvja uzvārds|kontaktpersona"
        "|kontaktpersonas vārds, uzvārds|kontaktpersonas vārds un uzvārds",
        "it": "referente cognome|cognome referente|cognome del referente|contatto cognome"
        "|cognome contatto|referente|persona di contatto",
        "en": "contact family name|contact surname|contact last name|contact person last name"
        "|contact person surname|contact person|contact|contact name",
    },
    "contact_position": {
        "lv": "amats|kontaktpersonas amats",
        "it": "ruolo|qualifica|carica|mansione|referente ruolo|ruolo referente",
        "en": "position|job title|role|contact position|contact job title",
    },
    "contact_email": {
        "lv": "kontaktpersonas e-pasts|kontaktpersonas e-pasta adrese",
        "it": "e-mail referente|referente e-mail|email contatto",
        "en": "contact e-mail|contact person e-mail|contact e-mail address",
    },
    "contact_phone": {
        "lv": "kontaktpersonas tālrunis|kontaktpersonas telefons",
        "it": "telefono referente|referente telefono|cellulare referente",
        "en": "contact phone|contact person phone|contact telephone",
    },
}

# Sole traders are humans: what is written of them is personal data.
KINDS: Final[Mapping[str, str]] = {
    "legal": "true|vero|juridiska|juridiska persona|jur|j|uzņēmums|organizācija|legal"
    "|legal person|company"
    "|organisation|organization|business|b2b|società|societa|azienda|ditta|impresa|ente"
    "|associazione|persona giuridica|giuridica|l|g",
    "natural": "false|falso|fiziska|fiziska persona|fiz|f|privātpersona|pašnodarbināta persona"
    "|saimnieciskās darbības veicējs|natural|natural person|person|individual|private|b2c"
    "|sole trader|privato|persona fisica|fisica|consumatore|libero professionista"
    "|ditta individuale|n|p",
}
LANGUAGES: Final[Mapping[str, str]] = {
    "lv": "lv|latviešu|latviski|latvian|lettone|lav",
    "en": "en|angļu|angliski|english|inglese|eng",
    "it": "it|itāļu|itāliski|italian|italiano|ita",
    "ru": "ru|krievu|krieviski|russian|russo|rus",
    "de": "de|vācu|german|tedesco",
    "lt": "lt|lietuviešu|lithuanian|lituano",
    "et": "et|igauņu|estonian|estone",
}
CHANNELS: Final[Mapping[str, str]] = {
    "email": "email|e-mail|e-pasts|epasts|posta elettronica|mail",
    "phone": "phone|tālrunis|telefons|telefono|call|zvans|mobilais|cellulare",
    "post": "post|pasts|vēstule|posta|lettera|letter",
    "sms": "sms|īsziņa|messaggio",
}
# What becomes of a row that may be a client who is there already.
DECISIONS: Final[Mapping[str, str]] = {
    "same": "same|tas pats|tā pati|tie paši|stesso|stessa|lo stesso|la stessa",
    "new": "new|jauns|jauna|cits|cita|nuovo|nuova|altro|altra",
    "skip": "skip|izlaist|nē|salta|saltare|ignora",
}
COUNTRIES: Final[Mapping[str, str]] = {
    "AT": "austrija|austria",
    "BE": "beļģija|belgium|belgio",
    "BG": "bulgārija|bulgaria",
    "BY": "baltkrievija|belarus|bielorussia",
    "CH": "šveice|switzerland|svizzera",
    "CY": "kipra|cyprus|cipro",
    "CZ": "čehija|czechia|czech republic|cechia|repubblica ceca",
    "DE": "vācija|germany|germania",
    "DK": "dānija|denmark|danimarca",
    "EE": "igaunija|estonia",
    "ES": "spānija|spain|spagna",
    "FI": "somija|finland|finlandia",
    "FR": "francija|france|francia",
    "GB": "lielbritānija|apvienotā karaliste|great britain|united kingdom|england|uk"
    "|gran bretagna|regno unito",
    "GR": "grieķija|greece|grecia|el",
    "HR": "horvātija|croatia|croazia",
    "HU": "ungārija|hungary|ungheria",
    "IE": "īrija|ireland|irlanda",
    "IT": "itālija|italy|italia|ita",
    "LT": "lietuva|lithuania|lituania",
    "LU": "luksemburga|luxembourg|lussemburgo",
    "LV": "latvija|latvia|lettonia|lva",
    "MT": "malta",
    "NL": "nīderlande|netherlands|holland|paesi bassi|olanda",
    "NO": "norvēģija|norway|norvegia",
    "PL": "polija|poland|polonia",
    "PT": "portugāle|portugal|portogallo",
    "RO": "rumānija|romania",
    "SE": "zviedrija|sweden|svezia",
    "SI": "slovēnija|slovenia",
    "SK": "slovākija|slovakia|slovacchia",
    "SM": "sanmarīno|san marino",
    "UA": "ukraina|ukraine|ucraina",
    "US": "asv|usa|united states|stati uniti",
}
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")
# Legal forms that stand at either end of a company's name in the two home countries and near.
_EDGE: Final = r"(?:^|[\s\",(]){}(?:$|[\s\",.)])"
_LEGAL_FORM = re.compile(
    _EDGE.format(
        r"(?:sia|a/s|vas|vsia|biedrība|nodibinājums|z/s|oü|uab|gmbh|mbh|kgaa|ltd|llc|plc|s\.?\s?à\s?r\.?\s?l"
        r"|b\.v|n\.v|bv|sp\.?\s?z\s?o\.?\s?o|sp\.?\s?j|s\.?\s?r\.?\s?l\.?(?:\s?s\.?)?|s\.?\s?p\.?\s?a"
        r"|s\.?n\.?c|s\.a\.s|soc\.?\s?coop|d\.o\.o|kft|e\.v|gbr|sabiedrība ar ierobežotu atbildību"
        r"|akciju sabiedrība|società a responsabilità limitata|società per azioni)\.?"
    ),
    re.IGNORECASE,
)
# Two letters that are a form where a quote or comma stands beside them, or in front of the name.
_SURE_BY_PLACE: Final = re.compile(
    r"^(?:AS|PS|KS|IK)\s|(?:[\",]\s*|\.\s)(?:AS|PS|KS|AG|OY|AB|KG|SE|SA)$"
)
# Forms that are also names or words; written in capitals they are forms more likely than not.
_DOUBTFUL_FORM = re.compile(
    _EDGE.format(r"(?:AS|PS|KS|AG|OY|OYJ|AB|KG|OHG|UG|IK|SAS|INC|Inc|SE|SA|NV)")
)
# Words by which people call what is no human being.
_BODIES: Final = re.compile(
    r"\b(?:universitāte|augstskola|skola|vidusskola|pamatskola|ģimnāzija|bērnudārzs|pašvaldība|dome"
    r"|ministrija|aģentūra|slimnīca|poliklīnika|bibliotēka|muzejs|draudze|baznīca|fonds|savienība"
    r"|asociācija|kooperatīvs|kooperatīvā|apvienība|klubs|centrs|birojs|valsts|novada|banka|biedrība"
    r"|condominio|associazione|parrocchia|comune|provincia|regione|università|scuola|istituto"
    r"|fondazione|cooperativa|consorzio|ente|ministero|ospedale|azienda|impresa|studio|banca"
    r"|comitato|società|university|school|college|association|foundation|council|church|bank"
    r"|hospital|institute|agency|union|club|group|holding|trust|company)\b",
    re.IGNORECASE,
)


@cache
def _codes(table: str) -> Mapping[str, str]:
    words: Mapping[str, Mapping[str, str]] = {
        "kind": KINDS,
        "language": LANGUAGES,
        "channel": CHANNELS,
        "country": COUNTRIES,
        "decision": DECISIONS,
    }
    return {fold(word): code for code, named in words[table].items() for word in named.split("|")}


def code_of(table: str, word: str) -> str | None:
    """Return the code a word stands for in one of the tables; None for an unknown word.

    Any two capital letters are taken as a country's own code.
    """
    found = _codes(table).get(fold(word))
    if found is None and table == "country" and _COUNTRY_CODE.fullmatch(word.strip().upper()):
        return word.strip().upper()
    return found


def has_legal_form(name: str) -> bool:
    """Tell whether a name carries the legal form of a company, for files that do not say it."""
    return any(form.search(name) for form in (_LEGAL_FORM, _SURE_BY_PLACE))


def sounds_like_a_body(name: str) -> bool:
    """Tell whether a name is more likely that of a firm, school or club than of a human being."""
    return _BODIES.search(name) is not None or (
        _DOUBTFUL_FORM.search(name) is not None and name != name.upper()
    )
