"""Free text as people type it: call notes, messages, complaints, letters. Dutch, hurried, and full of other people."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from hoeder.demo.people import Crowd, Person

T = TypeVar("T")

REASONS: dict[str, tuple[str, ...]] = {
    "factuur": (
        "Mw/dhr {surname} belt over factuur van {date}, bedrag {amount} klopt niet. Termijn is aangepast, uitgelegd.",
        "Klant snapt de nota niet. {amount} dubbel afgeschreven volgens eigen zeggen, bankafschrift volgt per mail",
        "factuur {number} nog niet ontvangen, opnieuw gestuurd naar {email}.",
        "Vraag over btw op de rekening. Uitgezocht, klopt. Kl tevreden",
    ),
    "betaling": (
        "Betalingsregeling afgesproken: 3x {amount}, eerste termijn {date}. Wil liever niet dat partner dit weet",
        "dhr {surname} heeft {amount} overgemaakt van rek {iban}, nog niet zichtbaar. Doorgezet naar debiteuren",
        "Incasso gestorneerd omdat saldo te laag was. Belt volgende week terug ivm uitkering.",
        "Nieuw rekeningnr doorgegeven: {iban} tnv {name}. Aangepast.",
    ),
    "verhuizing": (
        "Verhuist per {date} naar {street} {nr} in {city}. Adres gewijzigd, bevestiging gemaild",
        "kl gaat samenwonen met {other}, nieuw adres {street} {nr}, {postcode} {city}. graag 1 contract",
        "Verhuizing doorgegeven, oude adres blijft tot einde maand. Sleutel ligt bij de buren.",
        "Opzegging ivm verhuizing naar het buitenland, eindstand volgt.",
    ),
    "storing": (
        "Storing sinds vanochtend, modem herstart helpt niet. Monteur ingepland {date} tussen 8 en 12, bel {phone}",
        "Geen verbinding in {city}, wijkstoring bekend. Klant ingelicht",
        "belt voor de 3e keer deze week, is het zat. {surname} heeft kantoor aan huis. Coulance {amount} gegeven",
        "Storing was zekering. Opgelost aan de telefoon, netjes!",
    ),
    "bezorging": (
        "Pakket {number} niet aangekomen. Volgens track&trace afgegeven bij {other} op nr {nr}, die weet van niks",
        "Bezorger stond aan de verkeerde deur, moet {street} {nr} zijn. Opnieuw aangeboden {date}.",
        "Doos kapot, inhoud nat. Foto's komen via {email}",
        "levering verzetten naar {date}, bel als er iem thuis is {phone}",
    ),
    "retour": (
        "Retour aangemeld, label gestuurd. Geld terug binnen 14 dgn op {iban}",
        "kl wil ruilen ipv geld terug, maat te klein",
        "Retour {number} ligt al 2 weken bij magazijn, {amount} nog niet terug. Spoed!!",
        "Bon kwijt, gekocht door huisgenoot {other}. Toch geholpen.",
    ),
    "opzegging": (
        "Opgezegd per {date}. Reden: te duur. Aanbod gedaan, niet geinteresseerd",
        "Zegt op voor overleden ouder, {other}. Akte van overlijden komt per post. Sterkte gewenst",
        "Opzegging ingetrokken na korting van {amount}.",
        "Wil opzeggen maar contract loopt nog tot {date}. Boos opgehangen",
    ),
    "contract": (
        "Contractduur nagevraagd, loopt tot {date}.",
        "Overname contract door {other} (kind), machtiging ontvangen. Tel {phone}",
        "Vraagt om schriftelijke bevestiging, gestuurd naar {street} {nr} {postcode} {city}",
        "{name} wil nieuwe voorwaarden niet accepteren. Uitleg gegeven, denkt er over na",
    ),
    "inloggen": (
        "Wachtwoord vergeten, resetlink gestuurd naar {email}",
        "Kan niet inloggen, account stond nog op oude mailadres van ex {other}. Aangepast na controle geb.datum {born}",
        "app geeft foutmelding, opnieuw installeren hielp",
        "2-staps verificatie werkt niet op nieuw toestel {phone}. Uitgezet",
    ),
    "gegevens": (
        "Naam stond verkeerd gespeld, moet zijn {name}. Gecorrigeerd",
        "Nieuw telefoonnr {phone}, oude vervalt",
        "geb datum aangepast naar {born}, ID gezien",
        "wil geen reclame meer op {email}, uitgeschreven",
    ),
    "klacht": (
        "Klacht over collega {agent}: zou kortaf zijn geweest. Excuses aangeboden, TL ingelicht",
        "Al 4x gebeld, niemand belt terug. {surname} wil leidinggevende spreken. Terugbellen {phone} na 17u",
        "Ontevreden over wachttijd (25 min). Opgenomen als klacht nr {number}.",
        "kl dreigt met advocaat mr {other}. Doorgezet naar juridisch",
    ),
    "overig": (
        "Verkeerd verbonden.",
        "Vraag over openingstijden kantoor {city}, doorgegeven.",
        "Mw is slechthorend, voortaan mailen naar {email}. {other} (mantelzorger) belt soms namens haar",
        "Bedankje voor {agent}, is goed geholpen vorige week :)",
    ),
}
"""The contact reasons of the notes, and what agents write under each."""

CHANNELS = ("telefoon", "telefoon", "telefoon", "chat", "e-mail", "whatsapp")

_OPENINGS = ("", "", "", "", "Zie ook notitie {date}. ", "inkomend: ", "Uitgaand ", "2e lijn. ", "KL BELT WEER - ")
_CLOSINGS = (
    "",
    "",
    "",
    "",
    "",
    " Gr {agent}",
    " Terugbellen voor {date}",
    " {agent}",
    " afgehandeld",
    " nazorg gewenst",
)

# No Dutch number plate has a Q.
_ASIDES = (
    "Let op: {other} mag ook bellen namens klant.",
    "kenteken 12-QXZ-3 staat op de oprit, bus kan er niet bij",
    "Belt liever na 6en op {phone}",
    "geb {born} gecheckt, akkoord.",
    "Correspondentie naar {street} {nr}, {postcode} {city} ipv postbus",
    "Kl was erg emotioneel, rustig gebleven.",
    "was net bij de huisarts geweest, belt later terug",
    "bedrag {amount} mondeling toegezegd, met {agent} afgestemd",
    "ook bekend onder meisjesnaam {other}",
    "vorige agent ({agent}) had niks genoteerd...",
    "Mail staat op {email}, klopt nog.",
)

_MESSAGES = (
    "Hallo, ik heb vorige week gebeld maar nog geen antwoord gekregen. Kunt u bellen op {phone}? Groetjes {name}",
    "Beste, graag wil ik weten of jullie vacatures hebben in {city}. Mvg {name}",
    "goedemidag, mijn buur {other} krijgt steeds telefoon van jullie. kan dat stoppen? adres {street} {nr}",
    "Ik wil mij afmelden voor alle mails. Mijn adres is {email}.",
    "Kunnen jullie mij vertellen welke gegevens jullie van mij hebben? {name}, {street} {nr}, {postcode} {city}",
    "Waarom staat er een bedrag van {amount} op mijn rekening {iban}?? graag snel reactie",
    "Geachte heer/mevrouw, namens onze vereniging wil ik vragen of u ons wilt sponsoren. Met vr groet, {name}",
    "De website doet het niet op mijn telefoon. ik kom steeds op een lege pagina.",
    "Mijn collega {agent} was heel behulpzaam, wilde ik even kwijt!",
    "hoi, ik zoek het nummer van de afdeling personeelszaken. bel me maar op {phone}",
)

_COMPLAINTS = (
    ("Niet teruggebeld", "wachttijd", "Ik zou voor {date} gebeld worden op {phone}. Niets gehoord."),
    ("Verkeerde gegevens", "foutieve invoer", "Mijn adres is niet {street} {nr}, daar woon ik al 2 jaar niet meer."),
    ("Onbeleefde medewerker", "bejegening", "Ene {agent} zei: bel maar een andere keer. Belachelijk. {name}"),
    ("Dubbel afgeschreven", "proces", "Voor de 2e keer is {amount} van {iban} gehaald. Ik wil mijn geld terug."),
    ("Post van iemand anders", "adressering", "Ik krijg steeds brieven voor {other}. Die woont hier niet!"),
    ("Te lang in de wacht", "wachttijd", "ruim 40 minuten muziekje en toen werd de verbinding verbroken."),
    ("Reclame na afmelding", "proces", "Ik heb me op {date} afgemeld maar krijg nog steeds mail op {email}."),
    ("Privacy", "bejegening", "Uw collega noemde mijn buren fam {other} en haar situatie. Dit kan niet."),
)  # fmt: skip

_LETTERS = (
    "Geachte mevrouw/heer, graag solliciteer ik als medewerker klantcontact. Ik ben {given}, geboren op {born}, "
    "en woon in {city}. U bereikt mij op {phone}. Met vriendelijke groet, {name}",
    "Hoi! Ik zag de vacature en dacht meteen: dat ben ik. Drie jaar in de horeca gewerkt bij {other}, dus druk ken ik. "
    "Bel of app me op {phone}! Groetjes {given}",
    "Beste recruiter, na mijn opleiding in {city} zoek ik een parttime baan. Ik heb een wajong en kan 20 uur werken. "
    "Referentie: {other}, {phone}. {name}",
    "L.S., bijgaand mijn cv. Ik spreek Nederlands, Fries en Engels. {name}, {street} {nr}, {postcode} {city}",
)

_ABSENCES = (None, None, None, "griep", "rugklachten, halve dagen", "thuis met ziek kind", "gebroken pols",
             "ziekenhuisopname, contact via partner", "burn-out, traject arbo", "zwangerschapsverlof")  # fmt: skip

_SLIPS = (("klant", "klnat"), ("niet", "nite"), ("afspraak", "afsrpaak"), ("gestuurd", "gestuurt"),
          ("wordt", "word"), ("bevestiging", "bevestging"), ("gebeld", "gebelt"), ("monteur", "montuer"),
          ("graag", "graaag"), (" de ", " d "), ("namens", "nmns"), ("ontvangen", "ontv"))  # fmt: skip


class Writer:
    """Writes texts about a person, with others of the crowd in them, from one stream of chance."""

    def __init__(self, random: Random, crowd: Crowd, size: int) -> None:
        self._random = random
        self._crowd = crowd
        self._size = size
        self._about: Person = crowd[1]

    def note(self, about: Person) -> tuple[str, str]:
        """A reason and a note."""
        chance = self._random.random
        reason = _REASON_NAMES[int(chance() * len(_REASON_NAMES))]
        body = self._pick(REASONS[reason])
        if chance() < 0.25:
            body = f"{body} {self._pick(_ASIDES)}"
        return reason, self._type(self._pick(_OPENINGS) + body + self._pick(_CLOSINGS), about)

    def message(self, about: Person) -> str:
        return self._type(self._pick(_MESSAGES), about)

    def complaint(self, about: Person) -> tuple[str, str, str]:
        """Subject, cause and text."""
        subject, cause, text = self._pick(_COMPLAINTS)
        return subject, cause, self._type(text, about)

    def letter(self, about: Person) -> str:
        return self._fill(self._pick(_LETTERS), about)

    def absence(self) -> str | None:
        return self._pick(_ABSENCES)

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random.random() * len(choices))]

    def _fill(self, template: str, about: Person) -> str:
        if "{" not in template:
            return template
        self._about = about
        return template.format_map(self)

    def _type(self, template: str, about: Person) -> str:
        """Filled in, then typed: one in three without capitals, one in four with a slip."""
        text = self._fill(template, about)
        chance = self._random.random()
        if chance < 0.35:
            text = text.lower()
        if chance % 0.04 < 0.01:
            slip, typed = self._pick(_SLIPS)
            text = text.replace(slip, typed)
        return text

    def __getitem__(self, field: str) -> str:
        """What stands in braces in a template."""
        about, number = self._about, int(self._random.random() * 1_000_000)
        match field:
            case "name" | "surname" | "given" | "email" | "street" | "postcode" | "city" | "iban":
                return str(getattr(about, field))
            case "nr":
                return about.house_number
            case "phone":
                return written_phone(about.phone, number)
            case "born":
                return f"{about.born_on:%d-%m-%Y}"
            case "other":
                return self._crowd[1_000 + number % self._size].name
            case "agent":
                return self._crowd[-1 - number % 80].given
            case "date":
                return f"{1 + number % 28}-{1 + number % 12}"
            case "amount":
                return f"€ {number % 400},{number % 100:02d}"
            case "number":
                return str(100_000 + number % 900_000)
        raise KeyError(field)


_REASON_NAMES = tuple(REASONS)


def written_phone(digits: str, variant: int) -> str:
    """A number as people write it; `variant` chooses how."""
    match variant % 5:
        case 0:
            return f"06-{digits[2:]}"
        case 1:
            return f"+31 6 {digits[2:]}"
        case 2:
            return f"06 {digits[2:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}"
        case 3:
            return f"0031{digits[1:]}"
        case _:
            return digits
