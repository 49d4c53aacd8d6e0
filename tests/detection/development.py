"""Columns to develop on: table, name, type, values and what they hold (None: nothing personal); of nobody."""

# ruff: noqa: E501  # a column a line is easier to look over
import random
import string
from collections.abc import Callable
from typing import NamedTuple

import made
from made import day, number, one_of

Make = Callable[[random.Random], object]


class Made(NamedTuple):
    table: str
    name: str
    type: str
    make: Make
    category: str | None
    telling: bool = True
    """Whether the values alone can tell, with the name hidden."""


GIVEN = (
    "Marieke", "Tjeerd", "Sjoukje", "Aleid", "Berend", "Coosje", "Yasmina", "Abdelhak", "Zeynep", "Emre", "Kofi", "Adwoa",
    "Nguyet", "Linh", "Priya", "Sunil", "Katarzyna", "Zbigniew", "Oleksandr", "Svitlana", "Mohamed", "Soraya", "Winston",
    "Chantal", "Jan-Willem", "Anne-Fleur", "Teun", "Fien", "Guusje", "Roel", "Bas", "Loes", "Wil", "Truus", "Dirk",
)  # fmt: skip
FAMILY = (
    "Terpstra", "van der Ploeg", "Bouchibti", "Yıldız", "Boateng", "Tran", "Ramdin", "Wiśniewski", "Kovalenko", "Cruijff",
    "de Wit", "Groot", "van 't Hof", "in 't Veld", "Schoonhoven-Bakker", "Mulder", "Haverkamp", "Brinkman", "Peeters",
    "Jacobs", "Op den Kamp", "Verhagen", "Slagter", "Bruinsma", "Hoogeveen", "Zwart", "Aerts", "Nijboer", "Kuipers",
)  # fmt: skip
ROADS = (
    "Lijsterbesstraat", "Burgemeester de Vlugtlaan", "Oude Rijksweg", "Singel", "Achterom", "Van Speijkstraat",
    "Kruisweg", "'t Hofje", "Hoofdstraat", "Molenpad", "De Savornin Lohmanplein", "Nieuwe Kade", "Wilgendreef",
)  # fmt: skip
PLACES = (
    "Heerhugowaard", "Appingedam", "Sint-Oedenrode", "Bergschenhoek", "Winschoten", "Oegstgeest", "Den Burg", "Vaals",
    "Hoogezand", "Nunspeet", "Urk", "Zierikzee", "Hulst", "Boxtel", "Cuijk", "Dronten", "Baarn",
)  # fmt: skip
FUNCTIONS = (
    "teamleider magazijn", "verpleegkundige", "junior developer", "chauffeur CE", "financieel medewerker", "hoofd inkoop",
    "office manager", "docent wiskunde", "data-analist", "monteur", "receptionist", "HR-adviseur",
)  # fmt: skip
AILING = (
    "griep", "rugklachten", "burn-out", "gebroken enkel", "migraine", "zwangerschap", "hernia", "longontsteking", "diabetes",
)  # fmt: skip


def full(r: random.Random) -> str:
    return f"{r.choice(GIVEN)} {r.choice(FAMILY)}"


def letters(r: random.Random, n: int) -> str:
    return "".join(r.choice(string.ascii_uppercase) for _ in range(n))


def digits(n: int) -> Make:
    return lambda r: f"{r.randrange(10 ** (n - 1), 10**n)}"


def hexed(n: int) -> Make:
    return lambda r: f"{r.getrandbits(4 * n):0{n}x}"


def luhn(r: random.Random, stem: str, length: int) -> str:
    body = stem + "".join(r.choice(string.digits) for _ in range(length - len(stem) - 1))
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def email(r: random.Random) -> str:
    return f"{r.choice(GIVEN).lower()}.{r.choice(['smit', 'vos', 'x'])}{r.randrange(999)}@{r.choice(['post', 'mail'])}.example"


def ip(r: random.Random) -> str:
    return ".".join(str(r.randint(1, 254)) for _ in range(4))


def agent(r: random.Random) -> str:
    return (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/{r.randint(100, 140)}.0.{r.randint(1, 9999)}.1 Safari/537.36"
    )


def plate(r: random.Random) -> str:
    return f"{letters(r, 1)}-{r.randint(100, 999)}-{letters(r, 2)}"


def mac(r: random.Random) -> str:
    return ":".join(f"{r.randrange(256):02X}" for _ in range(6))


def note(r: random.Random) -> str:
    return r.choice([
        f"Mevr. {r.choice(FAMILY)} belde over de levering, graag terugbellen na 17:00 uur.",
        f"Gesproken met {full(r)}: factuur {r.randrange(10**6)} klopt niet.",
        f"Klant mailt vanaf {email(r)}, wil de bestelling annuleren.",
        "Geen gehoor, later opnieuw proberen.",
        f"Terugbellen op {made.mobile(r)} s.v.p.",
    ])  # fmt: skip


def log(r: random.Random) -> str:
    return f"Job {r.choice(['import', 'export'])} klaar in {r.randint(1, 900)} ms, {r.randint(1, 9999)} regels verwerkt"


def product(r: random.Random) -> str:
    return f"{r.choice(['Tafellamp', 'Stoel', 'Kast', 'Vloerkleed', 'Bureau'])} {r.choice(['Oslo', 'Emma', 'Bergen', 'Luxe', 'XL'])}"


EMAIL, PHONE, NAME = "user.contact.email", "user.contact.phone_number", "user.name"
FIRST, LAST, STREET = "user.name.first", "user.name.last", "user.contact.address.street"
CITY, POSTCODE, BIRTH = (
    "user.contact.address.city",
    "user.contact.address.postal_code",
    "user.demographic.date_of_birth",
)
BSN, IBAN = "user.government_id.national_identification_number", "user.financial.bank_account"
ID, NOTE, DEVICE = "user.unique_id", "user.content.private", "user.device.device_id"
GENDER, JOB, HEALTH = "user.demographic.gender", "user.job_title", "user.health_and_medical"

PERSONAL = [
    Made("klanten", "vnaam", "varchar(40)", one_of(*GIVEN), FIRST),
    Made("klanten", "tsnvgsl", "varchar(12)", one_of("van", "de", "van der", "ter", "'t"), LAST),
    Made("klanten", "achternm", "varchar(60)", one_of(*(f.split()[-1] for f in FAMILY)), LAST),
    Made("klanten", "naam", "varchar(80)", full, NAME),
    Made("klanten", "geb_dtm", "date", day(1938, 2007), BIRTH),
    Made("klanten", "mailadres", "text", email, EMAIL),
    Made(
        "klanten",
        "telnr_vast",
        "varchar(15)",
        lambda r: f"0{r.choice(['20', '30', '50'])}-{r.randint(2000000, 9999999)}",
        PHONE,
    ),
    Made("klanten", "gsm", "varchar(20)", lambda r: f"+31 6 {r.randint(10000000, 59999999)}", PHONE),
    Made("klanten", "straatnm", "varchar(60)", one_of(*ROADS), STREET),
    Made("klanten", "huisnr_toev", "varchar(5)", one_of("A", "B", "bis", "hs", "II"), STREET, False),
    Made("klanten", "huisnr", "smallint", number(1, 400), STREET, False),
    Made(
        "klanten", "pstcd", "char(6)", lambda r: f"{r.randint(1000, 9999)}{letters(r, 2).replace('S', 'R')}", POSTCODE
    ),
    Made("klanten", "plaatsnm", "text", one_of(*PLACES), CITY),
    Made("klanten", "geslacht_cd", "char(1)", one_of("M", "V"), GENDER),
    Made("klanten", "iban_nr", "varchar(34)", made.iban, IBAN),
    Made("klanten", "id", "integer", number(1, 90_000), ID, False),
    Made("klanten", "opmrk", "text", note, NOTE),
    Made("klanten", "landcode", "char(2)", one_of("NL", "BE", "DE", "FR"), "user.contact.address.country", False),
    Made("medewerkers", "persnr", "varchar(8)", digits(6), ID, False),
    Made("medewerkers", "voorletters", "varchar(10)", lambda r: ".".join(letters(r, r.randint(1, 3))) + ".", FIRST),
    Made("medewerkers", "roepnaam", "text", one_of(*GIVEN), FIRST),
    Made("medewerkers", "bsn_nr", "char(9)", made.bsn, BSN),
    Made("medewerkers", "sofi", "integer", lambda r: int(made.bsn(r)), BSN),
    Made("medewerkers", "functie", "text", one_of(*FUNCTIONS), JOB),
    Made(
        "medewerkers",
        "bruto_salaris",
        "numeric(9,2)",
        lambda r: r.randint(200000, 900000) / 100,
        "user.financial",
        False,
    ),
    Made(
        "medewerkers",
        "burg_staat",
        "text",
        one_of("gehuwd", "ongehuwd", "gescheiden", "weduwe"),
        "user.demographic.marital_status",
    ),
    Made(
        "medewerkers",
        "nationaliteit",
        "text",
        one_of("Nederlandse", "Poolse", "Turkse", "Syrische", "Duitse"),
        "user.demographic",
    ),
    Made(
        "medewerkers",
        "paspoortnr",
        "char(9)",
        lambda r: (
            f"N{r.choice('WXPRS')}{r.choice('ABC')}{r.choice('1234')}{letters(r, 2).replace('O', 'P')}{r.randint(10, 99)}{r.randint(0, 9)}"
        ),
        "user.government_id.passport_number",
    ),
    Made("medewerkers", "rijbewijsnr", "char(10)", digits(10), "user.government_id.drivers_license_number", False),
    Made("medewerkers", "kenteken", "varchar(8)", plate, "user.government_id.vehicle_registration"),
    Made("medewerkers", "noodcontact_tel", "text", made.mobile, PHONE),
    Made("medewerkers", "noodcontact_naam", "text", full, NAME),
    Made(
        "medewerkers",
        "login",
        "text",
        lambda r: (
            f"{r.choice('abcdefghjklm')}{r.choice(['jansen', 'mulder', 'peeters', 'kuipers', 'vermeer', 'smits', 'jacobs'])}{r.choice(['', '2'])}"
        ),
        "user.account.username",
    ),
    Made("medewerkers", "leidinggevende", "text", full, NAME),
    Made("medewerkers", "wachtwoord_hash", "text", hexed(64), "user.authorization.password", False),
    Made("verzuim", "reden_ziekmelding", "text", one_of(*AILING), HEALTH),
    Made("verzuim", "diagnose", "text", one_of(*AILING), HEALTH),
    Made("verzuim", "mdw_id", "integer", number(1000, 4000), ID, False),
    Made(
        "patienten",
        "geloof",
        "text",
        one_of("katholiek", "protestants", "islam", "hindoe", "geen"),
        "user.demographic.religious_belief",
    ),
    Made("patienten", "naam_patient", "text", lambda r: f"{r.choice(FAMILY)}, {letters(r, 1)}.", NAME),
    Made("patienten", "geboortejaar", "integer", number(1925, 2012), BIRTH, False),
    Made("patienten", "leeftijd", "smallint", number(0, 99), "user.demographic.age_range", False),
    Made("patienten", "huisarts", "text", lambda r: f"dr. {r.choice(FAMILY)}", NAME),
    Made(
        "patienten",
        "medicatie",
        "text",
        one_of("paracetamol 500 mg", "metformine", "omeprazol 20 mg", "ibuprofen"),
        HEALTH,
    ),
    Made("customers", "first_name", "text", one_of(*GIVEN), FIRST),
    Made("customers", "lastName", "text", one_of(*FAMILY), LAST),
    Made("customers", "email_address", "text", email, EMAIL),
    Made("customers", "dob", "timestamp", lambda r: f"{day(1940, 2006)(r)} 00:00:00", BIRTH),
    Made(
        "customers",
        "shipping_address",
        "text",
        lambda r: f"{r.randint(1, 400)} {r.choice(['Oak', 'Maple', 'High'])} {r.choice(['Street', 'Road', 'Avenue'])}",
        STREET,
    ),
    Made("customers", "cell", "text", lambda r: f"+44 7{r.randint(100000000, 999999999)}", PHONE),
    Made("customers", "gender", "text", one_of("male", "female", "other"), GENDER),
    Made("customers", "ssn", "text", made.bsn, BSN),
    Made("customers", "zip", "text", lambda r: f"{r.randint(1000, 9999)} {letters(r, 2).replace('S', 'R')}", POSTCODE),
    Made("customers", "card_number", "text", lambda r: luhn(r, "4", 16), "user.financial.credit_card"),
    Made("customers", "preferred_language", "text", one_of("nl", "en", "de"), "user.demographic.language", False),
    Made("sessies", "ip_adres", "text", ip, "user.device.ip_address"),
    Made("sessies", "remote_addr", "inet", ip, "user.device.ip_address"),
    Made("sessies", "ua", "text", agent, "user.device"),
    Made("sessies", "cookie_id", "uuid", hexed(32), "user.device.cookie_id", False),
    Made("sessies", "mac", "macaddr", mac, DEVICE),
    Made("sessies", "imei", "bigint", lambda r: int(luhn(r, "35", 15)), DEVICE),
    Made("sessies", "user_id", "bigint", number(1, 10**6), ID, False),
    Made("contact", "afzender", "text", email, EMAIL),
    Made("contact", "bericht", "text", note, NOTE),
    Made(
        "contact",
        "linkedin",
        "text",
        lambda r: f"https://www.linkedin.com/in/{letters(r, 6).lower()}",
        "user.contact.url",
    ),
    Made("contact", "melder_naam", "text", lambda r: f"{letters(r, 1)}. {r.choice(FAMILY)}", NAME),
    Made("contact", "payload.klant.email", "text", email, EMAIL),
    Made("contact", "payload.klant.naam", "text", full, NAME),
    Made("contact", "payload.order.customer.phone", "text", made.mobile, PHONE),
    Made("orders", "besteller", "text", full, NAME),
    Made(
        "orders",
        "bezorgadres",
        "text",
        lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}, {r.randint(1000, 9999)} KL {r.choice(PLACES)}",
        STREET,
    ),
    Made("orders", "factuur_email", "text", email, EMAIL),
    Made("orders", "klant_id", "integer", number(1, 90_000), ID, False),
    Made(
        "orders",
        "tenaamstelling",
        "text",
        lambda r: f"{letters(r, 1)}.{letters(r, 1)}. {r.choice(FAMILY)}".upper(),
        NAME,
    ),
    Made("orders", "rekeningnummer", "text", made.iban, IBAN),
    Made(
        "sollicitanten",
        "motivatie",
        "text",
        lambda r: f"Graag solliciteer ik als {r.choice(FUNCTIONS)}. Ik werkte bij {r.choice(PLACES)}. Groet, {full(r)}",
        NOTE,
    ),
    Made("sollicitanten", "naam_kandidaat", "text", lambda r: full(r).upper(), NAME),
    Made(
        "sollicitanten",
        "geb",
        "text",
        lambda r: f"{r.randint(1, 28)}-{r.randint(1, 12)}-{r.randint(1950, 2005)}",
        BIRTH,
    ),
]

NOTHING = [
    Made("orders", "order_nr", "bigint", number(100_000_000, 999_999_999), None),
    Made("orders", "orderdatum", "date", day(2019, 2026), None),
    Made("orders", "leverdatum", "timestamp", day(2019, 2026), None),
    Made("orders", "totaal_incl", "numeric(10,2)", lambda r: r.randint(100, 999999) / 100, None),
    Made("orders", "status", "text", one_of("open", "betaald", "verzonden", "geannuleerd"), None),
    Made("orders", "betaalwijze", "text", one_of("iDEAL", "creditcard", "factuur"), None),
    Made("orders", "track_trace", "text", lambda r: f"3S{letters(r, 4)}{r.randrange(10**9):09d}", None),
    Made("orders", "aantal", "integer", number(1, 40), None),
    Made("orders", "kortingscode", "text", lambda r: f"{letters(r, 4)}{r.randint(10, 99)}", None),
    Made("orders", "kanaal", "text", one_of("web", "winkel", "telefoon", "mail"), None),
    Made("producten", "naam", "text", product, None),
    Made(
        "producten",
        "omschrijving",
        "text",
        lambda r: f"{product(r)} van massief eiken, {r.randint(40, 200)} cm breed",
        None,
    ),
    Made("producten", "artikelnr", "text", lambda r: f"{r.randint(1000, 9999)}-{letters(r, 2)}", None),
    Made("producten", "ean", "char(13)", lambda r: f"87{r.randrange(10**11):011d}", None),
    Made(
        "producten", "kleur", "text", one_of("wit", "zwart", "bruin", "groen", "rood", "blauw", "geel", "grijs"), None
    ),
    Made("producten", "materiaal", "text", one_of("eiken", "staal", "katoen", "glas", "wol", "leer", "beuken"), None),
    Made("producten", "merk", "text", one_of("Philips", "Bosch", "Miele", "Samsung", "Sony", "Siemens", "Tefal"), None),
    Made("producten", "prijs", "numeric(8,2)", lambda r: r.randint(100, 99999) / 100, None),
    Made("producten", "gewicht_kg", "real", lambda r: r.random() * 40, None),
    Made(
        "producten",
        "leverancier",
        "text",
        lambda r: f"{r.choice(FAMILY).split()[-1]} {r.choice(['BV', 'Groothandel', 'Techniek B.V.'])}",
        None,
    ),
    Made("producten", "url", "text", lambda r: f"https://shop.example/p/{r.randrange(10**6)}", None),
    Made("producten", "land_herkomst", "text", one_of("China", "Duitsland", "Polen", "Nederland", "Italië"), None),
    Made(
        "producten",
        "versie",
        "text",
        lambda r: f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 30)}",
        None,
    ),
    Made("facturen", "factuurnr", "text", lambda r: f"2026{r.randrange(10**6):06d}", None),
    Made("facturen", "btw_nummer", "text", lambda r: f"NL{made.bsn(r)}B01", None),
    Made("facturen", "vervaldatum", "date", day(2024, 2027), None),
    Made("facturen", "grootboek", "integer", number(1000, 9999), None),
    Made("facturen", "omschr", "text", lambda r: f"Licentie periode {r.randint(1, 12)} 2026", None),
    Made("facturen", "saldo", "numeric", lambda r: r.randint(-99999, 99999) / 100, None),
    Made("bedrijven", "kvk", "char(8)", digits(8), None),
    Made(
        "bedrijven",
        "bedrijfsnaam",
        "text",
        lambda r: f"{r.choice(FAMILY)} {r.choice(['Transport', 'Bouw BV', '& Zonen'])}",
        None,
    ),
    Made("bedrijven", "oprichtingsdatum", "date", day(1950, 2024), None),
    Made("bedrijven", "sbi_code", "text", digits(4), None),
    Made("bedrijven", "branche", "text", one_of("bouw", "zorg", "detailhandel", "horeca", "industrie"), None),
    Made("meters", "ean_code", "text", lambda r: f"8716{r.randrange(10**14):014d}", None),
    Made("meters", "meterstand", "integer", number(10_000, 999_999), None),
    Made("meters", "serienummer", "text", lambda r: f"E{r.randrange(10**9):09d}", None),
    Made("logs", "bericht", "text", log, None),
    Made("logs", "niveau", "text", one_of("INFO", "WARN", "ERROR"), None),
    Made("logs", "duur_ms", "integer", number(1, 9000), None),
    Made("logs", "hostname", "text", lambda r: f"srv-{r.choice(['db', 'web'])}-{r.randint(1, 99):02d}", None),
    Made("logs", "trace_id", "text", hexed(32), None),
    Made("logs", "created_at", "timestamptz", day(2022, 2026), None),
    Made("logs", "commit_sha", "char(40)", hexed(40), None),
    Made("voorraad", "locatie", "text", lambda r: f"{letters(r, 1)}-{r.randint(1, 40):02d}-{r.randint(1, 9)}", None),
    Made("voorraad", "magazijn", "text", one_of("Noord", "Zuid", "Oost", "West", "Centraal"), None),
    Made("voorraad", "batchnr", "text", lambda r: f"{letters(r, 2)}{r.randrange(10**6):06d}", None),
    Made("voorraad", "telling", "bigint", number(0, 10**9), None),
    Made(
        "projecten",
        "projectnaam",
        "text",
        one_of("Migratie ERP", "Vernieuwing website", "Project Saturnus", "Zonnepanelen dak", "Vergroening"),
        None,
    ),
    Made("projecten", "budget", "money", lambda r: f"€ {r.randint(1000, 99999)}", None),
    Made("projecten", "fase", "text", one_of("start", "uitvoering", "afronding"), None),
    Made("sensor", "waarde", "double precision", lambda r: r.gauss(20, 5), None),
    Made("sensor", "eenheid", "text", one_of("C", "kWh", "m3", "V"), None),
    Made("sensor", "firmware", "text", lambda r: f"v{r.randint(1, 5)}.{r.randint(0, 30)}", None),
    Made(
        "boeken",
        "titel",
        "text",
        one_of("Het diner", "De aanslag", "Turks fruit", "De ontdekking van de hemel", "Max Havelaar"),
        None,
    ),
    Made("boeken", "isbn", "text", lambda r: f"978{r.randrange(10**10):010d}", None),
    Made("boeken", "jaar", "integer", number(1920, 2025), None),
    Made("vacatures", "functietitel_zoek", "text", one_of("a1", "b2", "c3", "d4"), None),
    Made("planning", "weeknr", "integer", number(1, 53), None),
    Made(
        "planning",
        "maand",
        "text",
        one_of("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus"),
        None,
    ),
    Made("planning", "dag", "text", one_of("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"), None),
    Made("planning", "starttijd", "time", one_of("08:00", "09:30", "13:15"), None),
    Made(
        "product_catalog",
        "product_name",
        "text",
        lambda r: f"{r.choice(['Blue', 'Fast', 'Smart'])} {r.choice(['Kettle', 'Lamp', 'Chair', 'Phone'])}",
        None,
    ),
    Made("product_catalog", "sku", "text", lambda r: f"{letters(r, 3)}-{r.randrange(10**5):05d}", None),
    Made("product_catalog", "category", "text", one_of("Kitchen", "Garden", "Office", "Toys", "Sports"), None),
    Made("product_catalog", "discount_pct", "numeric(4,1)", lambda r: r.randint(0, 50), None),
    Made("transactions", "transaction_id", "uuid", hexed(32), None),
    Made("transactions", "currency", "char(3)", one_of("EUR", "USD", "GBP"), None),
    Made("transactions", "amount_cents", "bigint", number(1, 10**7), None),
    Made("transactions", "auth_code", "text", digits(6), None),
    Made("transactions", "mcc", "char(4)", digits(4), None),
    Made("config", "key", "text", one_of("smtp.port", "cache.ttl", "feature.x", "ui.theme", "job.retries"), None),
    Made("config", "value", "text", one_of("25", "true", "3600", "dark", "off"), None),
    Made("scores", "nps", "smallint", number(0, 10), None),
    Made("vragen", "categorie", "text", one_of("levering", "retour", "garantie", "betaling", "technisch"), None),
    Made(
        "vragen",
        "antwoord_std",
        "text",
        lambda r: f"Uw pakket wordt binnen {r.randint(2, 9)} werkdagen geleverd op het opgegeven adres.",
        None,
    ),
    Made(
        "winkels",
        "functioneel_mailadres",
        "text",
        one_of("info@shop.example", "klantenservice@shop.example", "sales@shop.example"),
        None,
    ),
    Made("routes", "lijn", "text", one_of("Intercity", "Sprinter", "Nachtbus"), None),
    Made("dossier", "zaaknr", "text", lambda r: f"Z{r.randint(2015, 2026)}/{r.randrange(10**5):05d}", None),
    Made("dossier", "documentnr", "text", lambda r: f"DOC{r.randrange(10**8):08d}", None),
    Made("certs", "thumbprint", "text", hexed(40), None),
    Made("polissen", "polisnr", "bigint", number(700_000_000, 799_999_999), None),
    Made("polissen", "ingangsdatum", "date", day(1995, 2026), None),
]
