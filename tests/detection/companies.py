"""Whole tables to develop on, as different companies write them: columns with their comment, type, values and what they
hold (None: nothing personal). What stands beside a column tells as much as the column itself. All of nobody."""

# ruff: noqa: E501  # a column a line is easier to look over
import random
from typing import NamedTuple

import made
from development import (
    BIRTH,
    BSN,
    CITY,
    DEVICE,
    EMAIL,
    FAMILY,
    FIRST,
    FUNCTIONS,
    GENDER,
    GIVEN,
    HEALTH,
    IBAN,
    ID,
    JOB,
    LAST,
    NAME,
    NOTE,
    PHONE,
    PLACES,
    POSTCODE,
    ROADS,
    STREET,
    Make,
    agent,
    digits,
    email,
    full,
    hexed,
    ip,
    letters,
    luhn,
    mac,
    note,
    plate,
)  # fmt: skip
from made import day, number, one_of

ADDRESS, COUNTRY, USERNAME, AGE = (
    "user.contact.address",
    "user.contact.address.country",
    "user.account.username",
    "user.demographic.age_range",
)
COOKIE, LOCATION, PLATE, IP = (
    "user.device.cookie_id",
    "user.location",
    "user.government_id.vehicle_registration",
    "user.device.ip_address",
)
POLITICS, FINANCE, NATIONALITY = (
    "user.demographic.political_opinion",
    "user.financial",
    "user.demographic",
)


class Column(NamedTuple):
    name: str
    type: str
    make: Make
    category: str | None
    comment: str = ""


C = Column


def postcode(r: random.Random) -> str:
    return f"{r.randint(1000, 9999)}{r.choice(['', ' '])}{letters(r, 2).replace('S', 'R')}"


def login(r: random.Random) -> str:
    return f"{r.choice('abcdefghijklmprstw')}{r.choice(FAMILY).split()[-1].lower()}{r.choice(['', '1', '2'])}"


def nick(r: random.Random) -> str:
    return f"{r.choice(['zonnetje', 'ajax', 'kat', 'Sanne', 'xX_wolf', 'moeder', 'biker', 'de_bakker', 'groentje'])}{r.choice(['', '_', '.'])}{r.randint(1, 2010)}"


def degree(low: float, high: float) -> Make:
    return lambda r: f"{r.uniform(low, high):.6f}"


def company(r: random.Random) -> str:
    return f"{r.choice(FAMILY).split()[-1]} {r.choice(['B.V.', 'Bouw', '& Zonen', 'Techniek BV', 'Groep', 'VOF', 'Holding'])}"


def pill(r: random.Random) -> str:
    return f"{r.choice(['Metoprolol', 'Simvastatine', 'Paracetamol', 'Oxazepam', 'Ventolin', 'Amoxicilline', 'Omeprazol'])} {r.choice(['10', '20', '50', '500'])} mg"


def icpc(r: random.Random) -> str:
    return f"{r.choice('ABDFHKLNPRSTUWXYZ')}{r.randint(1, 99):02d}"


def icd(r: random.Random) -> str:
    return f"{r.choice('ABCEFGHIJKLMN')}{r.randint(0, 99):02d}.{r.randint(0, 9)}"


def ga(r: random.Random) -> str:
    return f"GA1.2.{r.randrange(10**9)}.{r.randint(1_500_000_000, 1_800_000_000)}"


def compact_day(first: int, last: int) -> Make:
    return lambda r: int(f"{r.randint(first, last)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}")


def slashed(first: int, last: int) -> Make:
    return lambda r: f"{r.randint(1, 28):02d}/{r.randint(1, 12):02d}/{r.randint(first, last)}"


def hours(r: random.Random) -> str:
    return f"{r.randint(7, 10)}:00-{r.randint(17, 21)}:00"


def version(r: random.Random) -> str:
    return f"{r.randint(1, 24)}.{r.randint(0, 30)}.{r.randint(0, 9)}"


def maybe(make: Make, share: float = 0.5) -> Make:
    return lambda r: make(r) if r.random() < share else None


PARTIES = one_of(
    "VVD", "D66", "PvdA", "CDA", "GroenLinks", "SP", "PVV", "ChristenUnie", "Volt", "BBB", "PvdD", "blanco"
)
TOWNS = ("Amsterdam", "Utrecht", "Zwolle", "Breda", "Emmen", "Leiden", "Arnhem", "Tilburg", *PLACES)

TABLES: dict[str, list[Column]] = {
    # a general practitioner's system
    "PATIENT": [
        C("PAT_NR", "integer", number(10_000, 99_999), ID),
        C("PAT_ACHTN", "varchar(40)", one_of(*FAMILY), LAST),
        C("PAT_VRLTR", "varchar(8)", lambda r: f"{letters(r, 1)}.{letters(r, 1)}.", FIRST),
        C("PAT_GEBDAT", "integer", compact_day(1930, 2020), BIRTH),
        C("PAT_GESL", "char(1)", one_of("M", "V"), GENDER),
        C("PAT_TELNR1", "varchar(15)", made.mobile, PHONE),
        C("PAT_ADRES", "varchar(60)", lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}", STREET),
        C("PAT_PC", "char(7)", postcode, POSTCODE),
        C("PAT_WPL", "varchar(40)", one_of(*TOWNS), CITY),
        C("VERZ_NR", "varchar(12)", digits(10), "user", "verzekerdennummer van de patiënt"),
        C("UZOVI", "integer", number(3000, 3400), None),
        C("BLOEDGRP", "varchar(3)", one_of("A+", "A-", "B+", "O+", "O-", "AB+"), HEALTH),
        C("MUTDAT", "date", day(2015, 2026), None),
    ],
    "CONTACTEN_HAP": [
        C("patient_id", "integer", number(10_000, 99_999), ID),
        C("icpc", "char(3)", icpc, HEALTH),
        C(
            "episode_titel",
            "text",
            one_of("Diabetes mellitus type 2", "Hypertensie", "COPD", "Eczeem", "Angststoornis", "Astma", "Rugpijn"),
            HEALTH,
        ),
        C(
            "soep_s",
            "text",
            lambda r: (
                f"Sinds {r.randint(2, 9)} dagen {r.choice(['hoesten', 'pijn in de rug', 'hoofdpijn', 'duizelig'])}, mw. {r.choice(FAMILY)} maakt zich zorgen"
            ),
            "user",
        ),
        C("medicatie", "text", pill, HEALTH),
        C("bloeddruk", "varchar(7)", lambda r: f"{r.randint(100, 180)}/{r.randint(60, 110)}", HEALTH),
        C("contactsoort", "char(1)", one_of("C", "V", "T", "M"), None),
        C("datum", "date", day(2019, 2026), None),
    ],
    # absence at an employer
    "hr_verzuimdossier": [
        C("medewerkernr", "varchar(8)", digits(6), ID),
        C("eerste_verzuimdag", "date", day(2019, 2026), HEALTH),
        C("verzuimpct", "smallint", number(10, 100), HEALTH),
        C(
            "klachten",
            "text",
            one_of(
                "griepklachten",
                "rug",
                "overspannen",
                "gebroken pols",
                "hoofdpijn en duizelig",
                "na operatie",
                "burn-out",
            ),
            HEALTH,
        ),
        C(
            "advies_bedrijfsarts",
            "text",
            lambda r: (
                f"{r.choice(['Opbouw in uren', 'Rust', 'Traject bij psycholoog', 'Aangepast werk'])}, herbeoordeling over {r.randint(2, 8)} weken"
            ),
            "user",
        ),
        C(
            "belastbaarheid",
            "text",
            one_of("volledig beperkt", "50% belastbaar", "geen tillen", "geen nachtdienst"),
            HEALTH,
        ),
        C("zwanger_tot", "date", maybe(day(2026, 2027), 0.2), HEALTH),
        C("status", "text", one_of("open", "gesloten", "wia"), None),
    ],
    "lunch_en_dieet": [
        C("deelnemer", "text", full, NAME),
        C("allergie", "text", one_of("noten", "gluten", "lactose", "schaaldieren", "geen", "pinda"), HEALTH),
        C(
            "dieetwensen",
            "text",
            one_of("vegetarisch", "halal", "veganistisch", "geen", "glutenvrij", "koosjer"),
            "user",
        ),
        C("tafel", "smallint", number(1, 30), None),
    ],
    # wages
    "SALRUN": [
        C("PERSNR", "integer", number(1000, 9999), ID),
        C("BSN", "integer", lambda r: int(made.bsn(r)), BSN),
        C("BRUTOLN", "numeric(9,2)", lambda r: r.randint(200000, 900000) / 100, FINANCE),
        C("LOONHEF", "numeric(9,2)", lambda r: r.randint(20000, 300000) / 100, FINANCE),
        C("IBAN_MDW", "varchar(34)", made.iban, IBAN),
        C("VAKBOND", "char(1)", one_of("J", "N"), "user.demographic"),
        C("PERIODE", "char(6)", lambda r: f"2026{r.randint(1, 12):02d}", None),
        C("KSTPLTS", "char(4)", digits(4), None),
    ],
    "medewerker": [
        C("mdw_id", "integer", number(1, 3000), ID),
        C("roepnaam", "text", one_of(*GIVEN), FIRST),
        C("tussenvoegsel", "text", maybe(one_of("van", "de", "van der"), 0.3), LAST),
        C("achternaam", "text", one_of(*(f.split()[-1] for f in FAMILY)), LAST),
        C("werkmail", "text", lambda r: f"{login(r)}@bedrijf.example", EMAIL),
        C("doorkiesnummer", "varchar(12)", lambda r: f"030-{r.randint(2000000, 9999999)}", PHONE),
        C("ad_account", "text", login, USERNAME),
        C("kenteken_leaseauto", "varchar(8)", plate, PLATE),
        C("functie", "text", one_of(*FUNCTIONS), JOB),
        C("afdeling", "text", one_of("Inkoop", "Verkoop", "ICT", "HR", "Directie", "Logistiek"), None),
        C("in_dienst", "date", day(1995, 2026), None),
        C("pasfoto", "bytea", lambda r: "image/jpeg", "user"),
        C("personeelspas_uid", "text", hexed(14), "user"),
        C("geboorteplaats", "text", one_of(*TOWNS), "user"),
        C("nationaliteit", "varchar(3)", one_of("NLD", "POL", "TUR", "BEL", "DEU"), NATIONALITY),
        C("rijbewijs_nr", "text", digits(10), "user.government_id"),
        C("partner_naam", "text", maybe(full), NAME),
    ],
    # a webshop in English
    "users": [
        C("id", "bigint", number(1, 10**6), ID),
        C("username", "text", nick, USERNAME),
        C("display_name", "text", nick, "user"),
        C("email_verified", "boolean", one_of("true", "false"), None),
        C(
            "password_digest",
            "text",
            lambda r: "$2a$12$" + "".join(r.choice("abcXYZ019./") for _ in range(53)),
            "user.authorization.password",
        ),
        C("date_of_birth", "date", maybe(day(1940, 2008)), BIRTH),
        C("last_login_ip", "inet", ip, IP),
        C("last_login_at", "timestamp", day(2024, 2026), None),
        C("locale", "text", one_of("nl_NL", "en_US", "de_DE"), None),
        C("lat", "double precision", degree(50.8, 53.5), LOCATION),
        C("lng", "double precision", degree(3.4, 7.2), LOCATION),
        C("avatar_url", "text", lambda r: f"https://cdn.example/a/{r.randrange(10**9)}.png", "user"),
        C("stripe_customer", "text", lambda r: f"cus_{hexed(14)(r)}1", "user"),
        C("is_admin", "boolean", one_of("true", "false"), None),
        C("signup_source", "text", one_of("google", "friend", "ads"), None),
        C("reset_token", "text", hexed(40), "user.authorization.credentials"),
    ],
    "web_sessions": [
        C("session_id", "char(32)", hexed(32), COOKIE),
        C("ga_client", "text", ga, "user.device"),
        C("user_id", "bigint", maybe(number(1, 10**6)), ID),
        C("ip", "text", ip, IP),
        C("user_agent", "text", agent, "user.device"),
        C("landing_page", "text", one_of("/", "/sale", "/p/123", "/contact"), "user.behavior"),
        C("fingerprint", "text", hexed(32), "user.device"),
        C("country", "char(2)", one_of("NL", "BE", "DE"), COUNTRY),
        C("duration_s", "integer", number(1, 4000), None),
        C("utm_campaign", "text", one_of("zomer", "bf2025", "newsletter"), None),
    ],
    "app_installs": [
        C("device_token", "text", hexed(64), DEVICE),
        C("idfa", "uuid", lambda r: f"{hexed(8)(r)}-{hexed(4)(r)}-{hexed(4)(r)}-{hexed(4)(r)}-{hexed(12)(r)}", DEVICE),
        C("android_id", "char(16)", hexed(16), DEVICE),
        C("device_model", "text", one_of("SM-G991B", "iPhone14,5", "Pixel 7", "iPhone15,2"), None),
        C("os_version", "text", version, None),
        C("app_version", "text", version, None),
        C("member_no", "text", lambda r: f"M{r.randrange(10**6):06d}", ID),
        C("last_position", "point", lambda r: f"({r.uniform(3.4, 7.2):.5f},{r.uniform(50.8, 53.5):.5f})", LOCATION),
        C("push_enabled", "boolean", one_of("true", "false"), None),
    ],
    "addresses": [
        C("customer_id", "bigint", number(1, 10**6), ID),
        C("line1", "text", lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}", STREET),
        C("line2", "text", maybe(one_of("Apt 4", "2nd floor", "bus 3", "t.a.v. receptie"), 0.1), ADDRESS),
        C("city", "text", one_of(*TOWNS), CITY),
        C("zip", "text", postcode, POSTCODE),
        C("country", "char(2)", one_of("NL", "BE", "DE"), COUNTRY),
        C("is_default", "boolean", one_of("true", "false"), None),
    ],
    "order_hdr": [
        C("ordnr", "bigint", number(2_000_000, 9_999_999), None),
        C("kl_nr", "integer", number(10_000, 60_000), ID),
        C("lev_naam", "text", full, NAME),
        C("lev_straat", "text", one_of(*ROADS), STREET),
        C("lev_hnr", "varchar(6)", number(1, 300), STREET),
        C("lev_pc", "char(6)", postcode, POSTCODE),
        C("lev_plaats", "text", one_of(*TOWNS), CITY),
        C("bedrag", "numeric(10,2)", lambda r: r.randint(100, 99999) / 100, None),
        C("leverdatum", "date", day(2022, 2026), None),
        C(
            "opm_chauffeur",
            "text",
            lambda r: f"Bellen met {r.choice(GIVEN)} op {made.mobile(r)}, sleutel bij de buren",
            NOTE,
        ),
    ],
    # a German company
    "KUNDENSTAMM": [
        C("KUNDENNR", "integer", number(10_000, 90_000), ID),
        C(
            "NACHNAME",
            "text",
            one_of("Müller", "Schmidt", "Weber", "Fischer", "Wagner", "Becker", "Hoffmann", "Schäfer"),
            LAST,
        ),
        C(
            "VORNAME",
            "text",
            one_of("Hans", "Klaus", "Ursula", "Monika", "Jürgen", "Petra", "Wolfgang", "Sabine"),
            FIRST,
        ),
        C(
            "STRASSE",
            "text",
            lambda r: f"{r.choice(['Haupt', 'Bahnhof', 'Garten', 'Schul'])}straße {r.randint(1, 200)}",
            STREET,
        ),
        C("PLZ", "char(5)", digits(5), POSTCODE),
        C("ORT", "text", one_of("Berlin", "Hamburg", "München", "Köln", "Essen", "Bremen"), CITY),
        C("GEBURTSDATUM", "date", day(1940, 2005), BIRTH),
        C("TELEFON", "text", lambda r: f"+49 {r.randint(30, 89)} {r.randint(100000, 9999999)}", PHONE),
        C("GESCHLECHT", "char(1)", one_of("m", "w"), GENDER),
        C("STEUERNR", "char(11)", digits(11), "user.government_id"),
        C("ANLAGEDATUM", "date", day(2015, 2026), None),
    ],
    # members, voters
    "leden": [
        C("lidnr", "integer", number(1, 9000), ID),
        C("naam", "text", full, NAME),
        C("gebdatum", "text", slashed(1935, 2012), BIRTH),
        C("politieke_voorkeur", "text", PARTIES, POLITICS),
        C("kerkgenootschap", "text", one_of("PKN", "RK", "geen", "gereformeerd"), "user.demographic.religious_belief"),
        C("contributie", "numeric(6,2)", lambda r: r.randint(10, 200), None),
        C("team", "text", one_of("JO13-1", "Dames 2", "Heren 1", "Veteranen"), None),
        C("noodnummer", "text", made.mobile, PHONE),
        C("lid_sinds", "date", day(1980, 2026), None),
        C("shirtmaat", "text", one_of("S", "M", "L", "XL"), None),
    ],
    "peiling_respons": [
        C("respondent", "integer", number(1, 5000), ID),
        C("leeftijdscategorie", "text", one_of("18-24", "25-34", "35-49", "50-64", "65+"), AGE),
        C("partij_vorige_keer", "text", PARTIES, POLITICS),
        C("gewicht", "double precision", lambda r: r.random() * 2, None),
    ],
    # parking, tolls, fines
    "parkeertransacties": [
        C("kntk", "varchar(8)", lambda r: plate(r).replace("-", ""), PLATE),
        C("zone", "integer", number(1000, 9999), None),
        C("starttijd", "timestamp", day(2024, 2026), None),
        C("bedrag_ct", "integer", number(50, 3000), None),
        C("gsm_nr", "text", made.mobile, PHONE),
    ],
    "cjib_boetes": [
        C("kenteken", "varchar(8)", lambda r: plate(r).lower(), PLATE),
        C("overtreder_bsn", "char(9)", made.bsn, BSN),
        C("feitcode", "char(5)", lambda r: f"{letters(r, 1)}{r.randint(100, 999)}", None),
        C("valuta", "char(3)", one_of("EUR"), None),
        C("cjib_nr", "char(16)", digits(16), None),
    ],
    "ritten": [
        C("bestuurder", "text", lambda r: f"{letters(r, 1)}. {r.choice(FAMILY)}", NAME),
        C("gps_start", "text", lambda r: f"{r.uniform(50.8, 53.5):.6f}, {r.uniform(3.4, 7.2):.6f}", LOCATION),
        C("gps_eind", "text", lambda r: f"{r.uniform(50.8, 53.5):.6f}, {r.uniform(3.4, 7.2):.6f}", LOCATION),
        C("van_adres", "text", lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}, {r.choice(TOWNS)}", STREET),
        C("km_stand", "integer", number(1000, 300_000), None),
        C("soort_rit", "text", one_of("zakelijk", "privé", "woon-werk"), None),
    ],
    # contact centre
    "telefonie_cdr": [
        C("ani", "varchar(15)", made.mobile, PHONE),
        C("dnis", "varchar(15)", one_of("0201234567", "0881234567"), None),
        C("agent_login", "text", login, USERNAME),
        C("wachttijd", "integer", number(0, 900), None),
        C("skill", "text", one_of("verkoop", "service", "storing"), None),
        C("opname_pad", "text", lambda r: f"/rec/2026/{r.randrange(10**6)}.wav", "user"),
        C("gespreksverslag", "text", note, NOTE),
        C("afhandelcode", "char(3)", digits(3), None),
    ],
    "chatlog": [
        C("visitor", "text", lambda r: f"visitor_{r.randrange(10**6)}", ID),
        C("bericht", "text", note, NOTE),
        C("browser", "text", agent, "user.device"),
        C("emailadres", "text", maybe(email, 0.3), EMAIL),
        C("score", "smallint", number(1, 5), None),
        C("wachtrij", "text", one_of("nl", "be", "vip"), None),
    ],
    "aanvragen": [
        C("gegevens.aanvrager.geboortedatum", "string", day(1940, 2005), BIRTH),
        C("gegevens.aanvrager.burgerservicenummer", "string", made.bsn, BSN),
        C("gegevens.aanvrager.voornamen", "string", lambda r: f"{r.choice(GIVEN)} {r.choice(GIVEN)}", FIRST),
        C("gegevens.product.naam", "string", one_of("Basis", "Plus", "Zakelijk"), None),
        C("gegevens.product.prijs", "double", lambda r: r.randint(10, 90), None),
        C("gegevens.inkomen.bruto_jaar", "bigint", number(20_000, 90_000), FINANCE),
        C("gegevens.versie", "string", version, None),
        C("ontvangen", "timestamp", day(2024, 2026), None),
    ],
    # a bank's legacy file
    "REKHDR": [
        C("REKNR", "char(18)", made.iban, IBAN),
        C("TENNAAM", "varchar(30)", lambda r: f"{letters(r, 1)} {r.choice(FAMILY)}".upper(), NAME),
        C(
            "TENNAAMV",
            "varchar(30)",
            lambda r: f"{r.choice(['HR', 'MW', 'HR/MW'])} {letters(r, 1)} {r.choice(FAMILY)}".upper(),
            NAME,
        ),
        C("PASNR", "char(16)", lambda r: luhn(r, "4", 16), "user.financial"),
        C("SALDO", "numeric(12,2)", lambda r: r.randint(-(10**5), 10**6) / 100, FINANCE, "saldo van de rekeninghouder"),
        C("RENTEPCT", "numeric(5,3)", lambda r: r.randint(0, 400) / 100, None),
        C("PRODCD", "char(3)", one_of("BET", "SPR", "BEL"), None),
        C("OPENDAT", "integer", compact_day(1990, 2026), None),
    ],
    "school.leerlingen": [
        C("leerlingnummer", "integer", number(1000, 9000), ID),
        C("voornamen", "text", lambda r: f"{r.choice(GIVEN)} {r.choice(GIVEN)}", FIRST),
        C("ouder1_mail", "text", email, EMAIL),
        C("ouder1_tel", "text", made.mobile, PHONE),
        C("klas", "text", lambda r: f"{r.randint(1, 6)}{r.choice('ABC')}", None),
        C("dyslexie", "boolean", one_of("true", "false"), HEALTH),
        C("zorgvraag", "text", one_of("ADHD", "dyslexie", "autisme", "geen", "faalangst"), HEALTH),
        C("geboorteland", "text", one_of("Nederland", "Syrië", "Turkije", "Polen"), "user"),
        C("mentor", "text", lambda r: f"{r.choice(['dhr.', 'mevr.'])} {r.choice(FAMILY)}", NAME),
        C("schoolfoto", "text", lambda r: f"foto/{r.randrange(10**5)}.jpg", "user"),
    ],
    "x_import_tmp": [
        C("veld1", "text", full, NAME),
        C("veld2", "text", email, EMAIL),
        C("veld3", "text", lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}", STREET),
        C("veld4", "text", one_of(*TOWNS), CITY),
        C("veld5", "text", made.mobile, PHONE),
        C("veld6", "text", slashed(1940, 2005), BIRTH),
        C("veld7", "text", login, USERNAME),
        C("veld8", "text", one_of("ja", "nee"), None),
        C("veld9", "text", version, None),
        C("veld10", "text", ip, IP),
    ],
    # things
    "filialen": [
        C("filiaal_nr", "integer", number(100, 999), None),
        C("naam", "text", lambda r: f"Filiaal {r.choice(TOWNS)}", None),
        C("straat", "text", lambda r: f"{r.choice(ROADS)} {r.randint(1, 200)}", None),
        C("postcode", "text", postcode, None),
        C("plaats", "text", one_of(*TOWNS), None),
        C("lat", "numeric(9,6)", degree(50.8, 53.5), None),
        C("lon", "numeric(9,6)", degree(3.4, 7.2), None),
        C("openingstijden", "text", hours, None),
        C("telefoon", "text", lambda r: f"0{r.choice(['20', '30'])}-{r.randint(2000000, 9999999)}", None),
        C("m2", "integer", number(100, 4000), None),
    ],
    "servers": [
        C(
            "hostname",
            "text",
            lambda r: f"{r.choice(['web', 'db', 'app', 'mail'])}{r.randint(1, 40):02d}.{r.choice(['ams', 'rtm'])}",
            None,
        ),
        C("ip_address", "inet", lambda r: f"10.{r.randint(0, 254)}.{r.randint(0, 254)}.{r.randint(1, 254)}", None),
        C("mac_address", "macaddr", mac, None),
        C("os", "text", one_of("Debian 12", "Ubuntu 24.04", "RHEL 9"), None),
        C("kernel", "text", version, None),
        C("location", "text", one_of("Amsterdam", "Rotterdam", "Utrecht"), None),
        C("rack", "text", lambda r: f"R{r.randint(1, 40)}-U{r.randint(1, 42)}", None),
        C("serial", "text", lambda r: f"{letters(r, 3)}{r.randrange(10**7)}", None),
        C("cpu_load", "real", lambda r: r.random() * 8, None),
    ],
    "network_switch_ports": [
        C("switch_mac", "text", mac, None),
        C("mgmt_ip", "text", lambda r: f"172.16.{r.randint(0, 254)}.{r.randint(1, 254)}", None),
        C("port", "smallint", number(1, 48), None),
        C("vlan", "smallint", number(1, 4000), None),
        C("firmware", "text", version, None),
        C("age", "integer", number(0, 99), None),
    ],
    "meetstations": [
        C(
            "station",
            "text",
            one_of(
                "De Bilt", "Vlissingen", "Eelde", "Maastricht", "Den Helder", "Leeuwarden", "Volkel", "Hoek van Holland"
            ),
            None,
        ),
        C("breedtegraad", "numeric(8,5)", degree(50.8, 53.5), None),
        C("lengtegraad", "numeric(8,5)", degree(3.4, 7.2), None),
        C("hoogte_m", "numeric(6,2)", lambda r: r.random() * 100, None),
        C("temp_c", "numeric(4,1)", lambda r: r.randint(-100, 350) / 10, None),
        C("windrichting", "text", one_of("N", "NO", "O", "ZO", "Z", "ZW", "W", "NW"), None),
        C("serienummer_sensor", "text", digits(9), None),
    ],
    "cbs_bevolking": [
        C("gemeente", "text", one_of(*TOWNS), None),
        C("provincie", "text", one_of("Utrecht", "Drenthe", "Zeeland", "Limburg", "Friesland"), None),
        C("leeftijd", "text", one_of("0-15", "15-25", "25-45", "45-65", "65-80", "80+"), None),
        C("geslacht", "text", one_of("mannen", "vrouwen", "totaal"), None),
        C("nationaliteit", "text", one_of("Nederlands", "niet-Nederlands", "totaal"), None),
        C("aantal", "integer", number(100, 100_000), None),
        C("jaar", "integer", number(1995, 2025), None),
    ],
    "premietabel": [
        C("leeftijd_van", "smallint", number(18, 90), None),
        C("leeftijd_tot", "smallint", number(25, 99), None),
        C("regio", "text", one_of("Randstad", "Noord", "Zuid"), None),
        C("schadevrije_jaren", "smallint", number(0, 15), None),
        C("premie", "numeric(8,2)", lambda r: r.randint(500, 9000) / 100, None),
    ],
    "icd10_codes": [
        C("code", "char(5)", icd, None),
        C(
            "omschrijving",
            "text",
            one_of(
                "Astma bronchiale",
                "Diabetes mellitus type 1",
                "Essentiële hypertensie",
                "Depressieve episode",
                "Fractuur van onderarm",
                "Acute bronchitis",
            ),
            None,
        ),
        C("hoofdstuk", "text", one_of("I", "II", "IX", "X"), None),
    ],
    "geneesmiddelen": [
        C("naam", "text", pill, None),
        C(
            "atc",
            "char(7)",
            lambda r: f"{letters(r, 1)}{r.randint(1, 12):02d}{letters(r, 2)}{r.randint(1, 60):02d}",
            None,
        ),
        C("fabrikant", "text", company, None),
        C("prijs", "numeric(8,2)", lambda r: r.randint(100, 9000) / 100, None),
    ],
    "leveranciers": [
        C("lev_nr", "integer", number(1, 900), None),
        C("bedrijfsnaam", "text", company, None),
        C("vestigingsplaats", "text", one_of(*TOWNS), None),
        C("vestigingsadres", "text", lambda r: f"{r.choice(ROADS)} {r.randint(1, 300)}", None),
        C("kvk", "char(8)", digits(8), None),
        C("btw_nr", "text", lambda r: f"NL{r.randrange(10**9):09d}B{r.randint(1, 9):02d}", None),
        C("algemeen_nr", "text", lambda r: f"088-{r.randint(1000000, 9999999)}", None),
        C("website", "text", lambda r: f"www.{r.choice(FAMILY).split()[-1].lower()}.example", None),
        C("betaaltermijn", "smallint", one_of("14", "30", "60"), None),
    ],
    "schepen": [
        C(
            "scheepsnaam",
            "text",
            one_of(
                "Maria",
                "Johanna",
                "Anna Sophia",
                "Neeltje Jacoba",
                "Prins Hendrik",
                "Willem Barentsz",
                "Albatros",
                "Zeeleeuw",
            ),
            None,
        ),
        C("imo", "char(7)", digits(7), None),
        C("mmsi", "char(9)", digits(9), None),
        C("thuishaven", "text", one_of("Rotterdam", "Urk", "Harlingen", "Vlissingen", "Den Helder", "IJmuiden"), None),
        C("bouwjaar", "integer", number(1950, 2024), None),
        C("lat", "double precision", degree(51, 54), None),
        C("lon", "double precision", degree(2, 7), None),
    ],
    "vergaderzalen": [
        C(
            "zaal",
            "text",
            one_of("Anne Frank", "Aletta Jacobs", "Rembrandt", "Thorbecke", "Spinoza", "Van Gogh", "Erasmus"),
            None,
        ),
        C("verdieping", "smallint", number(0, 9), None),
        C("capaciteit", "smallint", number(2, 40), None),
        C("gebouw", "text", one_of("Hoofdgebouw", "Noord", "Annex"), None),
    ],
    "meubelen": [
        C(
            "modelnaam",
            "text",
            one_of("Lisa", "Sofie", "Oslo", "Bergen", "Emma", "Max", "Julia", "Ruben", "Thomas"),
            None,
        ),
        C("materiaal", "text", one_of("eiken", "staal", "leer", "stof", "glas"), None),
        C("kleurcode", "text", lambda r: f"RAL {r.randint(1000, 9999)}", None),
        C("afmeting", "text", lambda r: f"{r.randint(40, 200)}x{r.randint(40, 200)} cm", None),
        C("levertijd", "text", one_of("2-3 weken", "6 weken", "direct"), None),
    ],
    "energiemeters": [
        C("ean_code", "char(18)", lambda r: f"8716{r.randrange(10**14):014d}", None),
        C("meternr", "text", lambda r: f"E{r.randrange(10**12):012d}", None),
        C("stand_hoog", "integer", number(1000, 99_999), None),
        C("telwerk", "char(1)", one_of("L", "H"), None),
        C("opnamedatum", "date", day(2020, 2026), None),
        C("netbeheerder", "text", one_of("Liander", "Stedin", "Enexis"), None),
    ],
    "ns_haltes": [
        C(
            "halte",
            "text",
            one_of("Utrecht Centraal", "Amersfoort", "Weesp", "Zwolle", "Ede-Wageningen", "Gouda", "Breukelen"),
            None,
        ),
        C("code", "varchar(6)", one_of("Ut", "Amf", "Wp", "Zl", "Ed", "Gd", "Bkl"), None),
        C("x", "numeric(9,6)", degree(3.4, 7.2), None),
        C("y", "numeric(9,6)", degree(50.8, 53.5), None),
        C("sporen", "smallint", number(1, 20), None),
    ],
    "taken_batch": [
        C("job_name", "text", one_of("import_klanten", "mail_facturen", "export_crm", "sync_hr"), None),
        C("server_ip", "text", one_of("10.0.0.4", "10.0.0.5", "10.0.1.77", "192.168.1.200"), None),
        C("run_as", "text", one_of("svc_batch", "svc_mail", "root"), None),
        C("exit_code", "smallint", number(0, 2), None),
        C("duur", "interval", one_of("00:01:00", "00:05:10"), None),
        C(
            "log",
            "text",
            lambda r: f"Verwerkt {r.randint(1, 9999)} regels in {r.randint(1, 99)} s, {r.randint(0, 5)} fouten",
            None,
        ),
        C("user_count", "integer", number(0, 9999), None),
        C("session_timeout", "integer", number(10, 3600), None),
    ],
    "straatregister": [
        C("straatnaam", "text", one_of(*ROADS), None),
        C("woonplaats_code", "char(4)", digits(4), None),
        C("type_weg", "text", one_of("woonstraat", "doorgaand", "fietspad"), None),
        C("lengte_m", "integer", number(40, 4000), None),
        C("wijk", "text", one_of("Centrum", "Noord", "Leidsche Rijn", "Overvecht"), None),
    ],
    "uitslagen_verkiezing": [
        C("partij", "text", PARTIES, None),
        C("stembureau", "text", one_of("Stadhuis", "De Boog", "Sporthal Zuid"), None),
        C("stemmen", "integer", number(0, 900), None),
        C("gemeente", "text", one_of(*TOWNS), None),
    ],
    "ref_nationaliteit": [
        C("code", "char(4)", digits(4), None),
        C(
            "omschrijving",
            "text",
            one_of("Nederlandse", "Duitse", "Poolse", "Turkse", "Syrische", "Belgische", "Franse"),
            None,
        ),
    ],
    "vacatures": [
        C("titel", "text", one_of(*FUNCTIONS), None),
        C("standplaats", "text", one_of(*TOWNS), None),
        C("uren", "smallint", number(8, 40), None),
        C("schaal_min", "smallint", number(3, 10), None),
        C("salaris_max", "numeric(8,2)", lambda r: r.randint(2500, 6000), None),
        C("taal", "char(2)", one_of("nl", "en"), None),
    ],
    "wagenpark_machines": [
        C("machine", "text", one_of("Heftruck 3", "Kraan 1", "Palletwagen 7", "Shovel 2"), None),
        C("chassisnr", "text", lambda r: f"WDB{r.randrange(10**14):014d}", None),
        C("merk_type", "text", one_of("Linde E20", "Jungheinrich 212", "Still RX20"), None),
        C("draaiuren", "integer", number(10, 9000), None),
        C("keuring_tot", "date", day(2025, 2028), None),
        C("sleutelcode", "text", lambda r: f"{letters(r, 2)}-{r.randint(100, 999)}-{letters(r, 1)}", None),
    ],
    "vertalingen": [
        C("sleutel", "text", one_of("btn.save", "lbl.name", "lbl.city", "msg.error", "lbl.email"), None),
        C("nl", "text", one_of("Opslaan", "Naam", "Plaats", "Er ging iets mis", "E-mailadres"), None),
        C("de", "text", one_of("Speichern", "Name", "Ort", "Fehler", "E-Mail-Adresse"), None),
    ],
    "wijnkaart": [
        C("chateau", "text", one_of("Margaux", "Latour", "Petrus", "Lafite", "Saint-Pierre"), None),
        C("jaargang", "integer", number(1961, 2022), None),
        C("druif", "text", one_of("Merlot", "Syrah", "Pinot Noir", "Carmenère"), None),
        C("land", "text", one_of("Frankrijk", "Italië", "Chili", "Spanje"), None),
        C("streek", "text", one_of("Bordeaux", "Bourgogne", "Toscane", "Rioja"), None),
    ],
    "festival_programma": [
        C("artiest", "text", one_of("De Staat", "Racoon", "Krezip", "Blof", "Chef'Special", "Within Temptation"), None),
        C("podium", "text", one_of("Alpha", "Bravo", "Lima"), None),
        C("aanvang", "time", one_of("14:00", "15:30", "22:15"), None),
        C("dag", "text", one_of("vrijdag", "zaterdag", "zondag"), None),
    ],
}
