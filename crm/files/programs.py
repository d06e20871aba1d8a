"""The headings that other programs write: Google, Outlook, Thunderbird, Odoo, EspoCRM, HubSpot.

Numbers are left out of them ("E-mail 2 Address" is "E-mail Address"). A field may stand in several
columns here, so each spelling also says whose or which it is, where that matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where an address belongs that comes in parts: each part is a field of its own.
PARTS: Final = ("street", "city", "region", "postcode", "address_country")
PLACES: Final = ("", "home_", "other_", "delivery_")

# What these programs write and no register of clients needs a place for.
NO_PLACE: Final = (
    "phonetic first name|phonetic middle name|phonetic last name|yomi name|given name yomi"
    "|family name yomi|additional name yomi|given yomi|surname yomi|company yomi"
    "|organization yomi name|name prefix|nickname|screen name|soprannome|initials|short name"
    "|maiden name|birthday|anniversary|birth year|birth month|birth day|gender|photo|labels|tags"
    "|categories|kategorijas|categorie|group membership|e-mail label|e-mail type|phone label"
    "|phone type|address label|address type|organization type|organization department|department"
    "|reparto|nodaļa|tipo posta elettronica|nome visualizzato posta elettronica"
    "|e-mail display name|e-pasta tips|e-pasta parādāmais vārds|website label|website value"
    "|website type|website|web page|pagina web|tīmekļa lapa|business fax|home fax|other fax"
    "|fax number|fax|fax uff|fax ab|altro fax|darba fakss|pager|pager number|cercapersone|telex"
    "|isdn|callback|ttytdd phone|radio phone|assistants phone|assistants name|managers name"
    "|imaddress|salutation|salutation name|uzruna|office location|address po box"
    "|address extended address|business address po box|home address po box|other address po box"
    "|external id|record id name"
    "|associated company ids|contact owner|lifecycle stage|lead status|create date|created at"
    "|created on|modified at|last modified date|industry|company domain name|sic code|location"
    "|billing information|children|directory server|government id number|hobby|keywords|mileage"
    "|priority|private|profession|referred by|sensitivity|spouse|user|event label|event value"
    "|relation label|relation value|custom field label|custom field value|jot|occupation|mileage"
)

OF_PROGRAMS: Final[Mapping[str, str]] = {
    "nr": "record id|internal id|customer id",
    "kind": "company type|is a company|is company|customer type",
    "full_name": "display name|file as|full name|nome visualizzato|parādāmais vārds|vārds uzvārds"
    "|nome completo|nome e cognome|vārds un uzvārds|cognome e nome|formatted name|fn",
    "given_name": "nome proprio",
    "middle_name": "middle name|additional name|otrais vārds|secondo nome",
    "family_name": "pēdējais vārds",
    "suffix": "suffix|name suffix|sufikss|titolo straniero|suffisso",
    "title": "title|titolo|tituls",
    "company": "company|organization|organisation|organization name|related company|employer"
    "|company associated|associated company|account name|uzņēmums|azienda|società|organizzazione"
    "|organizācija|nome azienda|darbavieta|datore di lavoro|parent company|accountname",
    "contact_position": "organization title|job position|posizione|posizione lavorativa"
    "|accounttitle|ieņemamais amats",
    "vat_no": "tax id|vat code|partita iva vat",
    "email": "e-mail address|e-mail value|primary email|secondary email|indirizzo e-mail primario"
    "|indirizzo e-mail secondario|indirizzo posta elettronica|work email|private email"
    "|email addresses|email address|emailaddress|other email|home e-mail|business e-mail"
    "|darba e-pasts|privātais e-pasts|e-pasta adrese|galvenais e-pasts|papildu e-pasts"
    "|e-mail personale|e-mail lavoro|privāts e-pasts|otrs e-pasts",
    "phone": "phone value|business phone|home phone|other phone|primary phone|mobile phone"
    "|mobile|cell phone|cellular|mob|mob tel|work phone|mobile number|mobile phone number|car phone"
    "|phone number|phonenumber|whatsapp phone number|telefono ufficio|ufficio|abitazione"
    "|telefono abitazione|altro telefono|telefono auto|radiotelefono|telefono principale"
    "|telefono lavoro|telefono cellulare|cellulare|tel cellulare|cell|cellulare aziendale"
    "|telefono casa"
    "|darba tālrunis|mājas tālrunis|privātais tālrunis|mobilais tālrunis|mobilais|mob tālrunis"
    "|mob tālr|cits tālrunis|galvenais tālrunis|tālrunis mobilais|tālrunis darba|otrs tālrunis"
    "|darba mobilais|private phone|office phone",
    "company_phone": "company main phone|organization phone|telefono principale società"
    "|uzņēmuma galvenais tālrunis|uzņēmuma tālrunis|company phone",
    "company_email": "company e-mail|company email|uzņēmuma e-pasts|e-mail azienda",
    "iban": "bank accounts|bank accounts account number|bank account number",
    "legal_address": "address formatted|full address|complete address|billing address"
    "|indirizzo completo|pilna adrese",
    "street": "address street|business street|work address|street|street address|street name"
    "|street2|billing street|billing address street|via uff|via|indirizzo via|iela"
    "|iela un mājas numurs|darba iela|darba adreses iela|address line|indirizzo aziendale via"
    "|biznesa iela",
    "city": "address city|business city|work city|city|town|billing city|billing address city"
    "|città uff|città|comune|località|pilsēta|pilsēta novads|darba pilsēta|biznesa pilsēta",
    "region": "address region|address state|business state|work state|state|state region"
    "|province|region|county|billing state|billing address state|provincia uff|provincia|prov"
    "|regione|novads|pagasts|darba novads",
    "postcode": "address postal code|business postal code|work zipcode|zip|zip code|postal code"
    "|postcode|billing zip|billing address postal code|cap uff|cap|codice postale|pasta indekss"
    "|indekss|darba pasta indekss|biznesa pasta indekss",
    "address_country": "address country|business countryregion|work country|countryregion"
    "|billing country|billing address country|paese uff|paesearea geografica uff|darba valsts"
    "|darba valstsreģions|biznesa valsts",
    "home_street": "home street|home address|via ab|mājas iela|home address street",
    "home_city": "home city|città ab|mājas pilsēta|home address city",
    "home_region": "home state|provincia ab|mājas novads|home address state",
    "home_postcode": "home postal code|home zipcode|cap ab|mājas pasta indekss",
    "home_address_country": "home countryregion|home country|paese ab|paesearea geografica ab"
    "|mājas valsts|mājas valstsreģions",
    "other_street": "other street|altra via|cita iela",
    "other_city": "other city|altra città|cita pilsēta",
    "other_region": "other state|altra provincia",
    "other_postcode": "other postal code|altro cap|cits pasta indekss",
    "other_address_country": "other countryregion|altro paese|cita valsts",
    "delivery_street": "shipping street|shipping address street|piegādes iela|via consegna",
    "delivery_city": "shipping city|shipping address city|piegādes pilsēta|città consegna",
    "delivery_region": "shipping state|shipping address state|provincia consegna",
    "delivery_postcode": "shipping zip|shipping address postal code|piegādes pasta indekss"
    "|cap consegna",
    "delivery_address_country": "shipping country|shipping address country",
    "notes": "description|internal notes|notes text|apraksts|descrizione",
    "-": NO_PLACE,
}
