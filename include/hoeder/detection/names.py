"""What a column's name says: Dutch and English words, abbreviated and glued together, to a fideslang category."""

import re
from functools import cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# One canonical word for each way of writing it. Abbreviations as Dutch databases use them.
_WORDS = {
    "name": "name naam nm namen",
    "first": "first given fore voor vr roep firstname voornaam voornamen vn vnaam roepnaam",
    "last": "last family sur achter lastname surname achternaam anaam familienaam geslachtsnaam",
    "full": "full volledig display",
    "initials": "initials voorletters voorl initialen",
    "infix": "infix tussenvoegsel tussenv tvg tussenvoegsels voorvoegsel voorv",
    "salutation": "salutation aanhef courtesy",
    "email": "email mail emailadres mailadres eml",
    "phone": "phone telephone telefoon tel telefoonnummer fon",
    "mobile": "mobile mobiel mob gsm cell mobieltje",
    "fax": "fax",
    "caller": "caller beller callerid ani clip",
    "address": "address adres adr addr",
    "street": "street straat str straatnaam",
    "house": "house huis hs huisnummer huisnr",
    "addition": "toevoeging toev tvg",
    "postcode": "postcode zip postal zipcode pc pcode pstcd",
    "city": "city town woonplaats plaats wnpl wpl plts woonpl residence",
    "country": "country land",
    "bsn": "bsn sofi burgerservice ssn sofinummer burgerservicenummer",
    "passport": "passport paspoort",
    "licence": "rijbewijs licence license driver drivers",
    "plate": "plate kenteken kent",
    "iban": "iban",
    "bank": "bank bankrek",
    "account": "account rekening rek acct",
    "birth": "birth geboorte geb born dob birthday birthdate geboren",
    "age": "age leeftijd lft",
    "gender": "gender geslacht sex gesl",
    "nationality": "nationality nationaliteit nat",
    "marital": "marital burgerlijke burgst",
    "language": "language taal",
    "ip": "ip ipv ipaddr ipaddress",
    "remote": "remote client",
    "cookie": "cookie",
    "device": "device apparaat imei mac",
    "agent": "agent useragent",
    "user": "user gebruiker usr",
    "username": "username login gebruikersnaam loginname",
    "password": "password wachtwoord passwd pwd ww",
    "person": "person persoon pers subject betrokkene visitor bezoeker participant deelnemer lid member contactpersoon",
    "customer": "customer cust klant kl klnt debiteur deb relatie rel consument patient cliënt",
    "employee": "employee emp medewerker medew mdw personeel werknemer wn staff applicant sollicitant kandidaat",
    "contact": "contact contactpers",
    "author": "author auteur sender afzender ontvanger recipient recip reporter melder reply from",
    "emergency": "emergency nood noodcontact",
    "salary": "salary salaris loon bruto netto wage uurloon",
    "illness": "ziekte ziek verzuim ziekmelding diagnose diagnosis medisch medical allergie sickness illness",
    "health": "health",
    "latitude": "latitude lat longitude lon lng gps geo coordinates",
    "photo": "photo foto pasfoto avatar portrait portret selfie",
    "signature": "signature handtekening",
    "note": "note notes notitie notities opmerking opmerkingen opm memo remark remarks comment comments toelichting",
    "message": "message bericht body berichttekst klacht complaint transcript gesprek verslag motivatie motivation cv",
    "text": "text tekst txt content inhoud answer antwoord",
    "referrer": "referrer referer",
    "visited": "visited bezochte page pagina",
    "url": "url uri link",
    "job": "job functie functienaam beroep occupation",
    "title": "title titel",
    "voice": "voice stem recording opname",
    "number": "number nummer nr num no nrs",
    "id": "id key ref code cd kd sleutel identifier uuid",
    "date": "date datum dat dt day dag on",
    "hash": "hash sha md digest checksum",
}  # fmt: skip

# Things, organisations and events: their names, numbers and dates are nobody's.
_THINGS = _set(
    """
    product prod artikel art article item sku description omschrijving omschr bedr
    file bestand filename table tabel column kolom schema host server hostname
    domain domein company bedrijf bedrijfsnaam firma organisation organization organisatie org supplier
    leverancier vendor shop winkel brand merk model category categorie campaign campagne release version versie
    build project team department afdeling branch filiaal vestiging magazijn warehouse kvk rsin btw vat
    opdrachtgever shipper carrier shipped region regio territory state status type kind soort event order bestel
    bestelling ordr factuur fact invoice meter stand batch serial serie invoer amount bedrag prijs price
    quantity aantal count total totaal ean gtin isbn herkomst origin queue wachtrij template sjabloon rule regel
    policy job task dag run opening oprichting opgericht founded dienst hire hired start begin eind end created
    updated modified gewijzigd aangemaakt
    """
)

_FILLERS = _set(
    """
    the of de het een van in to for is has per old new alt alternatief prive work werk thuis home
    """
)

# Words that together mean a category; where several fit, the most words win. Each stands by itself, unless in _VAGUE.
_MEANINGS: dict[str, str] = {
    "user.name.first": "first name, first, initials",
    "user.name.last": "last name, last, infix",
    "user.name": (
        "name, full name, contact name, customer name, employee name, person name, author name, user name, "
        "person, contact, author, salutation, caller name, account name, customer, employee"
    ),
    "user.contact.email": "email, author address, email address",
    "user.contact.phone_number": "phone, mobile, caller, caller number, phone number, mobile number",
    "user.contact.fax_number": "fax",
    "user.contact.address": "address",
    "user.contact.address.street": "street, street name, house number, house, house addition, addition",
    "user.contact.address.postal_code": "postcode, postcode id",
    "user.contact.address.city": "city",
    "user.demographic": "birth city, birth country",
    "user.contact.address.country": "country, country id",
    "user.government_id.national_identification_number": "bsn, bsn number",
    "user.government_id.passport_number": "passport, passport number",
    "user.government_id.drivers_license_number": "licence number",
    "user.government_id.vehicle_registration": "plate",
    "user.financial.bank_account": "iban, bank account, account number, bank",
    "user.demographic.date_of_birth": "birth, birth date",
    "user.demographic.age_range": "age",
    "user.demographic.gender": "gender",
    "user.demographic.citizenship_or_immigration_status": "nationality",
    "user.demographic.marital_status": "marital",
    "user.demographic.language": "language",
    "user.device.ip_address": "ip, ip address, remote address, remote ip",
    "user.device.cookie_id": "cookie, cookie id",
    "user.device.device_id": "device id",
    "user.device": "user agent, device",
    "user.account.username": "username",
    "user.authorization.password": "password, password hash",
    "user.unique_id": (
        "user id, person id, customer id, employee id, contact id, user, customer number, employee number, "
        "person number, email hash, user hash, customer hash"
    ),
    "user.financial": "salary",
    "user.health": "illness, health",
    "user.location.precise": "latitude",
    "user.content.self_image": "photo",
    "user.biometrics": "signature",
    "user.biometrics.voice": "voice",
    "user.content.private": "note, message, message text, note text",
    "user.content": "text",
    "user.behavior.browsing_history": "referrer, visited url, visited",
    "user.professional_information.job_title": "job title, job, contact title, title",
}

# Words that say too little by themselves: the values have to say the same.
_VAGUE_PHRASES = (
    "name, person, contact, author, customer, employee, city, country, country id, address, addition, "
    "age, title, text, visited, device, bank, job, language, house, caller, account name, health, voice, "
    "note, account number, person number, latitude, nationality, first, last"
)

# Whose something is says less than what it is: `klant_geslacht` is a gender.
_ROLES = _set("person contact author customer employee user caller")

_CANONICAL = {form: word for word, forms in _WORDS.items() for form in forms.split()}
_NEEDED = [(_set(phrase), category) for category, phrases in _MEANINGS.items() for phrase in phrases.split(", ")]
_VAGUE = frozenset(map(_set, _VAGUE_PHRASES.split(", ")))
_PARTS = sorted({*_CANONICAL, *_THINGS, *_FILLERS}, key=len, reverse=True)


def tokens(name: str) -> list[str]:
    """Lower-case words of a name: split at `_`, `-`, `.`, digits and capitals (`klantNaam`, `KLANT_NAAM`)."""
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.findall(
        r"[a-zà-ÿ]+", re.sub(r"\be[_-]?mail", "email", spaced.lower().replace("_", " ").replace("e mail", "email"))
    )


@cache
def words(name: str) -> tuple[frozenset[str], bool]:
    """Canonical words in a name, and whether it speaks of a thing, an organisation or an event."""
    found: set[str] = set()
    thing = False
    for token in tokens(name):
        for part in _split(token) or [token]:
            if part in _CANONICAL:
                found.add(_CANONICAL[part])
            elif part in _THINGS:
                thing = True
    return frozenset(found), thing


def meaning(name: str) -> tuple[str, bool] | None:
    """The category that a column's name means, and whether the name is clear enough to stand without the values."""
    found, thing = words(name)
    if thing:
        return None
    fits = [(needed, category) for needed, category in _NEEDED if needed <= found]
    if not fits:
        return None
    # The most telling words win; of equally many the first in the table.
    needed, category = max(fits, key=lambda fit: (len(fit[0] - _ROLES), len(fit[0])))
    return category, needed not in _VAGUE


def _split(token: str) -> list[str] | None:
    """`gebdat` into `geb`, `dat`: known words that together are the whole token; the longest first."""
    if token in _CANONICAL or token in _THINGS or token in _FILLERS:
        return [token]
    for part in _PARTS:
        if 2 <= len(part) < len(token) and token.startswith(part):
            rest = token[len(part) :]
            # Dutch glues with an s: `bedrijfsnaam`.
            split = _split(rest) or (_split(rest[1:]) if rest.startswith("s") else None)
            if split is not None:
                return [part, *split]
    return None
