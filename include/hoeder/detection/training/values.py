"""Random values for the slots of a template, in the notations in which people write them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum import iban as iban_digits

from hoeder.detection.training import things
from hoeder.detection.training.numerals import spoken, spoken_year
from hoeder.detection.training.people import Name, Names

MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
SHORT_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
BANKS = ["ABNA", "INGB", "RABO", "SNSB", "TRIO", "KNAB", "BUNQ", "ASNB", "RBRB", "FVLB"]
DOMAINS = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "ziggo.nl",
    "kpnmail.nl",
    "live.nl",
    "xs4all.nl",
    "planet.nl",
    "icloud.com",
    "yahoo.com",
    "home.nl",
    "upcmail.nl",
    "hetnet.nl",
    "protonmail.com",
    "casema.nl",
    "freeler.nl",
    "telfort.nl",
]
THIS_YEAR = 2026


@dataclass
class Values:
    """Draws values; the same `random` state gives the same ones."""

    random: Random
    names: Names
    towns: tuple[str, ...]

    def draw(self, slot: str, person: Name) -> str:
        """A value for a slot; name slots are about `person`."""
        return SLOTS[slot](self, person)

    def _one(self, *options: str) -> str:
        return self.random.choice(options)

    def _digits(self, count: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(count))

    # --- people

    def _full(self, person: Name) -> str:
        first, last = person.first, person.last
        shape = self.random.random()
        if shape < 0.08:
            return f"{first} {self._initial(first)}. {last}"
        if shape < 0.16:
            return f"{first} {last}-{self.names.last(self.random, plain=True)}"
        if shape < 0.2:
            return f"{first} {self.names.first(self.random)} {last}"
        return f"{first} {last}"

    def _initial(self, first: str) -> str:
        return first[0].upper()

    def _initials(self, person: Name) -> str:
        letters = [self._initial(person.first)]
        letters += [self.random.choice("ABCDEFGHJKLMNPRSTWYZ") for _ in range(self.random.choice((0, 0, 1, 1, 2)))]
        joined = self._one(
            ".".join(letters) + ".",
            ".".join(letters) + ".",
            " ".join(letters),
            "".join(letters),
            ". ".join(letters) + ".",
        )
        return f"{joined}{self._one(' ', ' ', ' ', '') if joined.endswith('.') else ' '}{person.last}"

    def _last_first(self, person: Name) -> str:
        *particles, core = person.last.split(" ")
        given = self._one(
            person.first,
            f"{self._initial(person.first)}.",
            f"{self._initial(person.first)}.{self._one('A', 'M', 'J')}.",
        )
        before = " ".join(particles)
        if not before:
            return f"{core}, {given}"
        return self._one(f"{core}, {given} {before}", f"{core} {before}, {given}", f"{core}, {before}, {given}")

    def _spelled(self, person: Name) -> str:
        core = (person.last if self.random.random() < 0.7 else person.first).split(" ")[-1].upper()
        letters = [char for char in core if char.isalpha()]
        shape = self.random.random()
        if shape < 0.3:
            return self._by_alphabet(letters)
        if shape < 0.45:
            letters = self._doubled(letters)
        joint = self._one("-", " ", " ", ".", ", ", " - ", ",", "... ", "/")
        text = joint.join(letters)
        return text.lower() if self.random.random() < 0.5 else text

    def _doubled(self, letters: list[str]) -> list[str]:
        """Letters with two alike said as `dubbel A`."""
        found: list[str] = []
        for letter in letters:
            if found and found[-1] == letter:
                found[-1] = f"{self._one('dubbel', 'dubbele', '2x', 'twee keer')} {letter}"
            else:
                found.append(letter)
        return found

    def _by_alphabet(self, letters: list[str]) -> str:
        """`j van Johan, a van Anton`: some of the letters, or all, with a word that starts with them."""
        words = [self.random.choice(things.ALPHABET.get(letter, letter).split()) for letter in letters]
        all_of_them = self.random.random() < 0.6
        said = [
            f"{letter} van {word}" if all_of_them or self.random.random() < 0.4 else letter
            for letter, word in zip(letters, words, strict=True)
        ]
        text = self._one(", ", " ", ", ", "; ", " en dan ").join(said)
        return text.lower() if self.random.random() < 0.6 else text

    def _read_out(self, text: str) -> str:
        """Letters and digits one by one, as somebody says them on the telephone."""
        parts: list[str] = []
        at = 0
        figures = self.random.random() < 0.25
        while at < len(text):
            char = text[at]
            pair = text[at : at + 2]
            if char.isdigit() and len(pair) == 2 and pair.isdigit() and pair[0] != "0" and self.random.random() < 0.45:
                parts.append(pair if figures else spoken(int(pair)))
                at += 2
                continue
            if char.isdigit():
                parts.append(char if figures else spoken(int(char)))
            elif self.random.random() < 0.3 and char.upper() in things.ALPHABET:
                parts.append(f"{char} van {self.random.choice(things.ALPHABET[char.upper()].split())}")
            else:
                parts.append(char)
            at += 1
        said = self._one(" ", " ", " ", ", ", "-", "... ").join(parts)
        return said.lower() if self.random.random() < 0.7 else said

    def _plain(self, value: str) -> str:
        return "".join(char for char in value if char.isalnum())

    def _bsn_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._bsn(person)))

    def _iban_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._iban(person)))

    def _plate_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._plate(person)))

    def _client_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._client(person)))

    def _docnr_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._docnr(person)))

    def _postcode_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._postcode(person)).upper())

    def _street_words(self, person: Name) -> str:
        number = self.random.choice(
            (self.random.randint(1, 99), self.random.randint(1, 99), self.random.randint(100, 399))
        )
        hundreds = f"{spoken(number // 100) if number >= 200 else ''}honderd" if number >= 100 else ""
        said = hundreds + (spoken(number % 100) if number % 100 else "")
        label = self._one(" ", " ", " ", " nummer ", ", nummer ", " huisnummer ")
        addition = self._one("", "", "", "", " a", " b", " a van Anna", " bis", " drie hoog", " zwart")
        return f"{self._street_name()}{label}{said}{addition}"

    def _order_words(self, person: Name) -> str:
        return self._read_out(self._plain(self._order(person)))

    # --- where they live

    def _street_name(self) -> str:
        shape = self.random.random()
        if shape < 0.3:
            return self.random.choice(things.STREETS_AS_THEY_ARE)
        if shape < 0.42:
            rank = self._one("Burgemeester", "Pastoor", "Prins", "Van", "Dr.", "Jan", "Koningin", "Burg.")
            last = self.names.last(self.random, plain=True)
            return f"{rank} {last}{self._one('straat', 'laan', 'weg', 'plein')}"
        stem, end = self.random.choice(things.STREET_STEMS), self.random.choice(things.STREET_ENDS)
        if self.random.random() < 0.1:
            end = {"straat": "str.", "laan": "ln", "plein": "pln", "weg": "wg"}.get(end, end)
        return stem + end

    def _street(self, person: Name) -> str:
        number = str(
            self.random.choice((self.random.randint(1, 60), self.random.randint(1, 400), self.random.randint(1, 2200)))
        )
        addition = self._one(
            *[""] * 9, "a", "b", " a", "-2", "-b", " bis", " II", " hs", "-14", "/3", " huis", "A", " 3hoog", "-III"
        )
        label = self._one(*[" "] * 12, " nr ", " nr. ", " nummer ", ", ", " no ")
        if self.random.random() < 0.03:
            return f"nr {number} van de {self._street_name()}"
        return f"{self._street_name()}{label}{number}{addition}"

    def _postcode(self, person: Name) -> str:
        letters = "".join(self.random.choice("ABCDEGHJKLMNPRTVWXZ") for _ in range(2))
        joined = f"{self.random.randint(1000, 9999)}{self._one(' ', '', '')}{letters}"
        return joined.lower() if self.random.random() < 0.15 else joined

    def _postbus(self, person: Name) -> str:
        return f"{self._one('Postbus', 'postbus', 'Postbus', 'Antwoordnummer', 'pb')} {self.random.randint(10, 99999)}"

    def town(self) -> str:
        """A town, the large ones more often."""
        if self.random.random() < 0.35:
            return self._one("Amsterdam", "Rotterdam", "Utrecht", "Den Haag", "Eindhoven", "Tilburg", "Almere", "Groningen", "Breda", "Nijmegen",
                             "Apeldoorn", "Haarlem", "Enschede", "Arnhem", "Amersfoort", "Zaandam", "Den Bosch", "'s-Hertogenbosch", "Zwolle", "Leiden",
                             "Maastricht", "Dordrecht", "Ede", "Alphen aan den Rijn", "Leeuwarden", "Emmen", "Delft", "Venlo", "Deventer", "Assen")  # fmt: skip
        return self.random.choice(self.towns)

    # --- how to reach them

    def _phone_groups(self) -> tuple[str, ...]:
        if self.random.random() < 0.72:
            rest = self._digits(8)
            shapes = ((8,), (2, 2, 2, 2), (4, 4), (2, 3, 3), (3, 3, 2), (8,))
            cuts = self.random.choice(shapes)
            return ("06", *self._cut(rest, cuts))
        area = self._one("010", "020", "030", "040", "050", "070", "0297", "0528", "033", "0348", "055", "0172", "085")
        return (
            area,
            *self._cut(self._digits(10 - len(area)), self.random.choice(((9,), (3, 2, 2), (3, 4), (2, 2, 3)))),
        )

    def _cut(self, digits: str, sizes: tuple[int, ...]) -> list[str]:
        parts, at = [], 0
        for size in sizes:
            if part := digits[at : at + size]:
                parts.append(part)
            at += size
        if rest := digits[at:]:
            parts.append(rest)
        return parts

    def _phone(self, person: Name) -> str:
        first, *rest = self._phone_groups()
        shape = self.random.random()
        if shape < 0.16:
            country = self._one("+31", "+31 ", "0031", "0031 ", "+31(0)", "+31 (0)", "(+31)")
            return country + first[1:] + self._one(" ", "", "-") + self._one(" ", "").join(rest)
        if shape < 0.2:
            code, size = self.random.choice(
                (("+32 4", 8), ("+49 17", 9), ("+44 7", 9), ("+90 5", 9), ("+212 6", 8), ("+48 5", 8))
            )
            return f"{code}{self._digits(size)}"
        joint = self._one("-", " ", "", "", " - ", "- ", ".", "/")
        if shape < 0.24:
            first = f"({first})"
            joint = " "
        return first + joint + self._one(" ", " ", "", "-", ".").join(rest)

    def _phone_words(self, person: Name) -> str:
        first, *rest = self._phone_groups()
        digits = first + "".join(rest)
        if self.random.random() < 0.5:
            words = [spoken(int(d)) for d in digits]
        else:
            words = [spoken(0), *(spoken(int(d)) for d in digits[1:2]), *self._pairs(digits[2:])]
        if self.random.random() < 0.2:
            words = [first, *words[2:]]
        return self._one(" ", " ", " ", ", ", "-").join(words)

    def _pairs(self, digits: str) -> list[str]:
        words: list[str] = []
        for i in range(0, len(digits), 2):
            pair = digits[i : i + 2]
            if self.random.random() < 0.1:
                words.append(pair)
            elif len(pair) == 2 and pair[0] == pair[1] and self.random.random() < 0.3:
                words += ["dubbel", spoken(int(pair[0]))]
            elif pair[0] == "0" and len(pair) == 2:
                words += [spoken(0), spoken(int(pair[1]))]
            else:
                words.append(spoken(int(pair)))
        return words

    def _local(self, person: Name) -> str:
        first = self._ascii(person.first)
        last = self._ascii(person.last)
        year = str(
            self.random.choice(
                (self.random.randint(50, 99), self.random.randint(1950, 2008), self.random.randint(1, 99))
            )
        )
        return self._one(f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last}", f"{first}_{last}", f"{last}.{first[0]}", f"{first}{year}",
                         f"{first}.{last}{year}", f"fam.{last}", f"{first[0]}{last}", f"{first}-{last}", f"info.{last}", f"{last}{year}")  # fmt: skip

    def _ascii(self, name: str) -> str:
        kept = "".join(char for char in name.lower() if char.isascii() and char.isalnum())
        return kept or "post"

    def _email(self, person: Name) -> str:
        domain = self.random.choice(DOMAINS)
        if self.random.random() < 0.12:
            domain = f"{self._ascii(self.names.last(self.random))}.{self._one('nl', 'com', 'eu', 'net')}"
        text = f"{self._local(person)}@{domain}"
        return (
            self._one(text, text, text, text, text.capitalize(), text.upper()) if self.random.random() < 0.3 else text
        )

    def _email_words(self, person: Name) -> str:
        at = self._one("apenstaartje", "apestaartje", "apenstaart", "at", "apestaart", "(at)", "[at]")
        dot = self._one("punt", "punt", "punt", "dot", "(punt)")
        local = (
            self._local(person)
            .replace(".", f" {dot} ")
            .replace("_", f" {self._one('underscore', 'liggend streepje', 'laag streepje')} ")
        )
        local = local.replace("-", " streepje ")
        return f"{local} {at} {self.random.choice(DOMAINS).replace('.', f' {dot} ')}"

    # --- numbers

    def _iban(self, person: Name) -> str:
        body = self.random.choice(BANKS) + self._digits(10)
        value = f"NL{iban_digits.calc_check_digits('NL00' + body)}{body}"
        if self.random.random() < 0.2:
            at = self.random.randrange(8, 18)
            value = self._one(
                value[:at] + self._digits(1) + value[at + 1 :],
                value[:at] + value[at + 1 :],
                value[:at] + self._digits(1) + value[at:],
            )
        if self.random.random() < 0.05:
            value = self._one(
                "BE71096123456769",
                "DE89370400440532013000",
                "FR1420041010050500013M02606",
                "PL61109010140000071219812874",
            )
        if self.random.random() < 0.5:
            value = " ".join(value[i : i + 4] for i in range(0, len(value), 4))
        return value.lower() if self.random.random() < 0.15 else value

    def _bsn(self, person: Name) -> str:
        while True:
            digits = self.random.choice("123456789") + self._digits(8)
            total = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
            if total % 11 == 0:
                break
        return self._one(digits, digits, digits, f"{digits[:4]}.{digits[4:6]}.{digits[6:]}", f"{digits[:3]} {digits[3:6]} {digits[6:]}",
                         f"{digits[:4]} {digits[4:6]} {digits[6:]}", f"{digits[:3]}.{digits[3:6]}.{digits[6:]}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}")  # fmt: skip

    def _written(self, day: date) -> str:
        full, short = MONTHS[day.month - 1], SHORT_MONTHS[day.month - 1]
        d, m, y, yy = day.day, day.month, day.year, day.year % 100
        return self._one(f"{d:02}-{m:02}-{y}", f"{d:02}-{m:02}-{y}", f"{d}-{m}-{y}", f"{d}-{m}-{yy:02}", f"{d:02}/{m:02}/{y}", f"{d:02}.{m:02}.{y}", f"{y}-{m:02}-{d:02}",
                         f"{d} {full} {y}", f"{d} {full} {y}", f"{d} {short} {y}", f"{d} {short}. {yy:02}", f"{d:02}{m:02}{y}", f"{y}{m:02}{d:02}", f"{d} {m} {y}", f"{d} {full} '{yy:02}")  # fmt: skip

    def _birth_day(self) -> date:
        return date(THIS_YEAR - 17, 1, 1) - timedelta(days=int(self.random.betavariate(1.3, 1.5) * 28000))

    def _dob(self, person: Name) -> str:
        day = self._birth_day()
        if self.random.random() < 0.06:
            return self._one(f"{MONTHS[day.month - 1]} {day.year}", f"{day.month:02}-{day.year}")
        return self._written(day)

    def _dob_words(self, person: Name) -> str:
        day = self._birth_day()
        first = self._one(
            spoken(day.day),
            spoken(day.day),
            str(day.day),
            {1: "eerste", 3: "derde", 8: "achtste"}.get(day.day, spoken(day.day)),
        )
        return f"{first} {MONTHS[day.month - 1]} {spoken_year(day.year, self.random)}"

    def _date(self, person: Name) -> str:
        day = date(THIS_YEAR, 11, 1) + timedelta(days=self.random.randint(-1500, 400))
        if self.random.random() < 0.1:
            day = day.replace(year=self.random.randint(1950, 2015), day=min(day.day, 28))
        full = MONTHS[day.month - 1]
        short = f"{day.day} {full}"
        return self._one(
            short,
            short,
            f"{day.day}-{day.month}",
            f"{self._one('ma', 'di', 'woensdag', 'donderdag', 'vr')} {short}",
            *[self._written(day)] * 5,
        )

    def _plate(self, person: Name) -> str:
        pattern = self._one(
            "AA-99-AA",
            "99-AA-AA",
            "99-AAA-9",
            "9-AAA-99",
            "AA-999-A",
            "A-999-AA",
            "AA-AA-99",
            "99-AA-99",
            "AAA-99-A",
            "9-AA-999",
            "999-AA-9",
            "AA-99-99",
        )
        text = "".join(
            self.random.choice("BDFGHJKLNPRSTVXZ") if c == "A" else self._digits(1) if c == "9" else c for c in pattern
        )
        return self._one(
            text, text, text, text.lower(), text.replace("-", ""), text.replace("-", " "), text.replace("-", "").lower()
        )

    def _client(self, person: Name) -> str:
        return self._one(self._digits(5), self._digits(6), self._digits(7), self._digits(8), self._digits(9), self._digits(10), f"K-{self._digits(6)}", f"K{self._digits(7)}",
                         f"KL-{self._digits(5)}", f"C{self._digits(8)}", f"R-{self._digits(4)}-{self._digits(3)}", f"{self._digits(4)}-{self._digits(4)}", f"{self._digits(3)}.{self._digits(3)}",
                         f"NL-{self._digits(6)}", f"{self._digits(2)}-{self._digits(6)}", f"CUST{self._digits(5)}", f"{self._digits(4)} {self._digits(4)}", f"kl{self._digits(6)}")  # fmt: skip

    def _staff(self, person: Name) -> str:
        return self._one(
            self._digits(4),
            self._digits(5),
            self._digits(6),
            f"P{self._digits(5)}",
            f"M-{self._digits(4)}",
            f"E{self._digits(6)}",
            f"emp-{self._digits(4)}",
            f"W{self._digits(4)}",
            f"mw{self._digits(4)}",
        )

    def _docnr(self, person: Name) -> str:
        letters = "ABCDEFGHIJKLMNPRSTUVWXYZ"
        some = "".join(self.random.choice(letters + "0123456789") for _ in range(6))
        passport = self.random.choice("NIS") + self.random.choice(letters) + some + self._digits(1)
        return self._one(passport, passport, passport, passport, passport.lower(), self._digits(10), f"{self.random.choice('456')}{self._digits(9)}", f"{passport[:3]} {passport[3:6]} {passport[6:]}",
                         f"X{self._digits(8)}", f"C01X{self._digits(5)}")  # fmt: skip

    def _mrz(self, person: Name) -> str:
        core, first = self._ascii(person.last).upper(), self._ascii(person.first).upper()
        if self.random.random() < 0.5:
            return f"P<NLD{core}<<{first}".ljust(44, "<")[:44]
        return (
            f"{self._docnr(person).upper().replace(' ', '')[:9]}{self._digits(1)}NLD{self._digits(7)}{self._one('M', 'F')}{self._digits(7)}".ljust(
                43, "<"
            )
            + self._digits(1)
        )

    def _ip(self, person: Name) -> str:
        if self.random.random() < 0.2:
            parts = [f"{self.random.randrange(1, 65536):x}" for _ in range(self.random.choice((4, 8)))]
            return ":".join(parts) if len(parts) == 8 else ":".join(parts[:3]) + "::" + parts[3]
        return ".".join(str(self.random.randint(1, 254)) for _ in range(4))

    # --- nobody's

    def _order(self, person: Name) -> str:
        return self._one(self._digits(6), self._digits(8), self._digits(9), self._digits(9), self._digits(10), f"ORD-{self._digits(6)}", f"INC{self._digits(7)}", f"{THIS_YEAR}-{self._digits(5)}",
                         f"F{THIS_YEAR}{self._digits(5)}", f"3S{self._one('ABCD', 'KLMN')}{self._digits(9)}", f"{self._digits(18)}", f"T-{self._digits(5)}", f"SN{self._digits(8)}", f"JVGL{self._digits(12)}",
                         f"#{self._digits(5)}", f"{self._digits(4)}-{self._digits(3)}-{self._digits(4)}", f"EAN {self._digits(13)}", self._digits(5), self._digits(4))  # fmt: skip

    def _amount(self, person: Name) -> str:
        whole, cents = self.random.choice((self.random.randint(1, 99), self.random.randint(100, 2500))), self._digits(2)
        return self._one(
            f"€ {whole},{cents}",
            f"€{whole}",
            f"{whole} euro",
            f"{whole},{cents}",
            f"EUR {whole},{cents}",
            f"{whole},-",
            f"{whole}.{cents}",
        )

    def _time(self, person: Name) -> str:
        hour, minute = self.random.randint(7, 22), self._one("00", "15", "30", "45", self._digits(1) + "5")
        return self._one(
            f"{hour}:{minute}",
            f"{hour}.{minute}",
            f"{hour}u",
            f"{hour}:{minute} uur",
            f"{hour} uur",
            f"{hour}.{minute}u",
        )

    def _hotline(self, person: Name) -> str:
        return self._one(
            f"0900-{self._digits(4)}",
            f"0800-{self._digits(4)}",
            f"0800 {self._digits(4)}",
            "14 010",
            "14 0297",
            "088-" + self._digits(7),
            f"0900 {self._digits(4)}",
            "0906-" + self._digits(4),
            "112",
            "1233",
        )

    def _role(self, person: Name) -> str:
        box = self._one(
            "info",
            "klantenservice",
            "service",
            "privacy",
            "facturen",
            "noreply",
            "helpdesk",
            "support",
            "administratie",
            "planning",
            "fg",
            "contact",
            "hr",
            "sales",
        )
        return f"{box}@{self._ascii(self.random.choice(things.COMPANIES))}.{self._one('nl', 'com', 'eu')}"


SLOTS: Mapping[str, Callable[[Values, Name], str]] = {
    "first": lambda _, person: person.first,
    "last": lambda _, person: person.last,
    "full": Values._full,
    "initials": Values._initials,
    "last_first": Values._last_first,
    "spelled": Values._spelled,
    "bsn_words": Values._bsn_words,
    "iban_words": Values._iban_words,
    "plate_words": Values._plate_words,
    "client_words": Values._client_words,
    "docnr_words": Values._docnr_words,
    "postcode_words": Values._postcode_words,
    "street_words": Values._street_words,
    "order_words": Values._order_words,
    "street": Values._street,
    "postbus": Values._postbus,
    "postcode": Values._postcode,
    "city": lambda values, _: values.town(),
    "phone": Values._phone,
    "phone_words": Values._phone_words,
    "email": Values._email,
    "email_words": Values._email_words,
    "iban": Values._iban,
    "bsn": Values._bsn,
    "dob": Values._dob,
    "dob_words": Values._dob_words,
    "plate": Values._plate,
    "client": Values._client,
    "staff": Values._staff,
    "docnr": Values._docnr,
    "mrz": Values._mrz,
    "ip": Values._ip,
    "company": lambda values, _: values.random.choice(things.COMPANIES),
    "product": lambda values, _: values.random.choice(things.PRODUCTS),
    "amount": Values._amount,
    "order": Values._order,
    "date": Values._date,
    "time": Values._time,
    "street_only": lambda values, _: values._street_name(),
    "town": lambda values, _: values.town(),
    "hotline": Values._hotline,
    "roleaddress": Values._role,
}
