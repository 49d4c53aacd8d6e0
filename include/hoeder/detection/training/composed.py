"""Templates put together from labels, fields and short frames, as forms, exports and hurried notes are.

The other files teach how people write; this one teaches what a label says of the number behind it, in every notation.
"""

from random import Random

LABELS: dict[str, str] = {
    "client": "klantnummer|klantnr|klantnr.|klant-nr|klantcode|klant-ID|klantid|klant|relatienummer|relatienr|relatie|debiteurnummer|debiteurnr|deb.nr|lidnummer|lidmaatschapsnummer|lidnr|polisnummer|polisnr|polis|"
    "verzekerdennummer|verzekerdenr|patiëntnummer|patientnr|cliëntnummer|clientnummer|cliëntnr|abonneenummer|abonneenr|leerlingnummer|studentnummer|huurdernummer|deelnemersnummer|deelnemersnr|donateursnummer|"
    "accountnummer|account|customer id|customer number|klantnummer KPN|gebruikersnummer|pasnummer|kaartnummer|registratienummer|machtigingsnummer|abonnementsnummer",
    "staff": "personeelsnummer|personeelsnr|pers.nr|persnr|medewerkernummer|medewerkernr|mdw.nr|mwnr|employee id|stamnummer|badgenummer|personeelsnummer medewerker",
    "bsn": "BSN|bsn|bsn-nummer|BSN nr|bsnnr|burgerservicenummer|burger service nummer|sofinummer|sofi-nummer|sofinr|BSN klant|BSN medewerker|BSN/sofi",
    "dob": "geboortedatum|geb.datum|geb.dat.|gebdat|geb|geb.|geboren|geboren op|geboortedag|g.d.|gd|geb d.d.|date of birth|dob|geboortedatum klant|jarig|verjaardag|geb datum|geboorte",
    "dob_words": "geboortedatum|geboren op|geb|geboren|ik ben van",
    "docnr": "paspoortnummer|paspoort|paspoortnr|documentnummer|docnr|documentnr|ID-nummer|id-kaart|idkaart nr|nummer identiteitskaart|identiteitskaart|legitimatie|rijbewijsnummer|rijbewijs|rijbewijsnr|verblijfsdocument|vreemdelingendocument|v-nummer",
    "iban": "IBAN|iban|rekeningnummer|rek.nr|rekeningnr|bankrekening|rek|banknummer|IBAN-nummer|rekening|bankrekeningnummer|uitbetalen op",
    "phone": "tel|tel.|tel:|telefoon|telefoonnummer|tel.nr|telnr|mob|mob.|mobiel|mobielnummer|mobiele nr|gsm|06|06-nummer|nummer|bereikbaar op|terugbelnummer|contactnummer|tel. overdag|tel werk|bellen op|telefoon privé|t",
    "phone_words": "telefoonnummer|nummer|mobiel|tel",
    "email": "e-mail|email|mail|mailadres|emailadres|e-mailadres|e|mail naar|cc",
    "plate": "kenteken|kent.|kentekennummer|kentekennr|nummerplaat|auto|voertuig|kenteken auto|kenteken tegenpartij|leaseauto",
    "postcode": "postcode|pc|postc.|postcode klant|zip",
    "city": "woonplaats|plaats|stad|wpl|wpl.|woonachtig te|woonachtig in|dorp|city|plaatsnaam|geboorteplaats",
    "street": "adres|straat|woonadres|bezoekadres|huisadres|postadres|correspondentieadres|afleveradres|leveradres|factuuradres|oud adres|nieuw adres|straat + nr|straat en huisnummer|adres klant|verhuisadres",
    "full": "naam|klantnaam|naam klant|contactpersoon|aanvrager|verzekerde|betrokkene|melder|medewerker|contact|tnv|t.n.v.|tav|t.a.v.|ten name van|rekeninghouder|huurder|bestuurder|partner|ouder/verzorger|naam aanvrager|"
    "opgenomen door|behandeld door|ontvanger|afzender|naam kind|naam werknemer|gemachtigde|naam tegenpartij|getuige|bezoeker|deelnemer|contactpersoon noodgeval|door|agent",
    "initials": "naam|klant|t.n.v.|tnv|voorletters en achternaam|contactpersoon|aanvrager|verzekerde|huurder|tav|dhr.|mw.|mevr.|mevrouw|de heer|fam.",
    "last": "achternaam|naam|familienaam|meisjesnaam|geboortenaam|mevr.|mw|mevrouw|dhr|dhr.|meneer|de heer|fam.|familie|klant|mr.|hr",
    "first": "voornaam|roepnaam|naam|voornaam kind|collega|agent|gebeld door",
    "last_first": "naam|klantnaam|werknemer|medewerker|deelnemer|patiënt|naam (achternaam eerst)",
    "ip": "ip|IP-adres|ip adres|client ip|ip klant|ingelogd vanaf|remote_addr",
}  # fmt: skip
OTHERS: dict[str, str] = {
    "order": "ordernummer|ordernr|order|bestelnummer|bestelnr|bestelling|factuurnummer|factuurnr|fact.nr|factuur|ticketnummer|ticket|incident|incidentnr|casenummer|case|zaaknummer|zaaknr|referentie|ref|ref.|kenmerk|ons kenmerk|uw kenmerk|"
    "trackingnummer|track & trace|zendingnummer|zending|artikelnummer|artnr|artikel|serienummer|serienr|SN|IMEI|imei|meternummer|meterstand|stand|EAN|ean-code|EAN-code aansluiting|KvK|kvk-nummer|kvk|btw-nummer|offertenummer|offerte|"
    "projectnummer|project|contractnummer|contractnr|contract|pakbon|batchnummer|batch|modelnummer|type|betalingskenmerk|retournummer|reserveringsnummer|boekingsnummer|kassabon|bonnummer|werkorder|wijziging|change|storingsnummer|meldingsnummer|formulier|versie|reknr bedrijf|pin|code|verificatiecode|sessie-id|transactie|transactie-id",
    "date": "datum|ingangsdatum|contractdatum|leverdatum|factuurdatum|vervaldatum|opgenomen op|einddatum|startdatum|verzenddatum|d.d.|dd|besteld op|afspraak|afspraakdatum|per|aankoopdatum|bouwjaar pand|datum melding|update|opleverdatum|datum ondertekening|geldig tot|verloopt op|in dienst sinds",
    "time": "tijd|tijdstip|om|aanvang|belmoment|tijdvak",
    "amount": "bedrag|saldo|termijnbedrag|openstaand|prijs|totaal|korting|kosten|premie|huur|eigen risico",
    "company": "bedrijf|organisatie|leverancier|opdrachtgever|werkgever|verzekeraar|bank|afzender|vervoerder|klant",
    "product": "product|artikel|omschrijving|abonnement|toestel|model|type",
    "town": "vestiging|filiaal|regio|station|depot|locatie|rayon|magazijn|kantoor|gemeente|rechtbank|route",
    "hotline": "klantenservice|servicenummer|bel|helpdesk|storingsnummer",
    "roleaddress": "e-mail afdeling|mail naar|contact|vragen via|afdeling",
}  # fmt: skip
_FRAMES = (
    "{L}: {v}", "{L}: {v}", "{L} {v}", "{L} {v}", "{L}={v}", "{L} - {v}", "{L}:{v}", "mijn {l} is {v}", "{l} is {v}", "{l} {v} doorgegeven", "het {l} {v} staat niet in het systeem", "graag {l} wijzigen naar {v}",
    "kunt u {l} {v} nakijken?", "kl geeft {l} {v} op", "{v} is mijn {l}", "{v} ({l})", "({l} {v})", "onder {l} {v}", "zie {l} {v}", "met {l} {v}", "Het gaat om {l} {v}.", "U vindt mij onder {l} {v}.",
    "{l} klopt niet, moet {v} zijn", "nieuw {l}: {v}", "{l} gewijzigd in {v}", "check {l} {v} ff", "wat is er met {l} {v}?", "ik heb {l} {v}", "{L}, {v}", "op {l} {v}", "{l} nr {v}", "volgens het systeem is {l} {v}", "{l} was {v} toch",
)  # fmt: skip
_JOINTS = (", ", ", ", " / ", "\n", "\n", "; ", " | ", " ", " ", "\t", " - ", ",", ";", ". ", " en ", "\n- ")
_BARE = (
    "{full}, {street}, {postcode} {city}", "{street} {postcode} {city}", "{street} te {city}", "{street} in {city}", "{city}, {street}", "{full}\n{street}\n{postcode} {city}", "{initials}\n{street}\n{postcode} {city}\n{phone}",
    "{last};{first};{dob};{city}", "{full},{email},{phone}", "{full} {phone}", "{full} ({phone})", "{full} <{email}>", "{initials}, {street}, {city}", "{street}, {city}", "{street}", "{postcode}", "{postcode} {city}", "{postcode}, {city}",
    "{full} {dob}", "{last} {dob} {postcode}", "{initials} {city}", "{full} uit {city}", "mevr. {last} uit {city}", "dhr. {initials} te {city}", "{full}, {city}", "{full} ({city})", "{last_first}, {dob}", "{last_first};{client};{city}",
    "{client} {last}", "{client}; {full}; {email}", "{phone}", "{email}", "{iban}", "{iban} t.n.v. {initials}", "{iban} tnv {full}", "{plate} {last}", "{first} {phone}", "{phone} {first}", "{full}", "{initials}", "{last}", "{first}",
    "mw {last}", "dhr {last}", "mevrouw {initials}", "de heer {initials}", "fam. {last}", "{first} en {first}", "{first}, {first} en {first}", "{full} / {full}", "{dob} {city}", "{street} {city} {phone}", "woont {street} {city}",
    "{street} ({postcode})", "{street}, {postcode}", "wonende {street}, {postcode} {city}", "wonende te {city}, {street}", "van {street} naar {street}", "pakket staat bij {street}", "bij de buren op {street}", "{docnr} {full}", "{ip} {email}",
)  # fmt: skip
_RESIDENCE = (
    "woont in {city}", "kl woont in {city}", "komt uit {city}", "mevr. {last} uit {city}", "({city})", "woonachtig te {city}", "verhuisd naar {city}", "verhuist van {city} naar {city}", "ik woon in {city}", "gaat in {city} wonen", "mijn moeder woont in {city}",
    "zoon woont op kamers in {city}", "vanuit {city} is het te ver rijden voor haar", "is geboren in {city}", "{first} uit {city}", "thuis in {city}", "ons huis in {city}", "onze flat in {city}", "wonend in {city}", "bewoner van {city}", "hij zit nu in {city} bij zijn zus",
    "{last} te {city}", "huurt een kamer in {city}", "haar adres is in {city}", "trekt in bij dochter in {city}", "woont sinds kort in {city}", "nieuwe woonplaats {city}",
)  # fmt: skip
_ELSEWHERE = (
    "storing in {town}", "vestiging {town}", "filiaal {town} is dicht", "van {town} naar {town}", "in {town} is het glasvezel uitgevallen", "markt in {town}", "station {town}", "regio {town}", "rechtbank {town}", "gemeente {town}", "werkzaamheden bij {town}",
    "de A2 bij {town}", "magazijn {town}", "ons kantoor in {town}", "het ziekenhuis in {town}", "winkel in {town} heeft geen voorraad", "treinen rond {town} rijden niet", "cursus in {town} op {date}", "depot {town}", "lijn 4 {town} centraal", "de monteurs uit {town}",
    "team {town}", "congres {town}", "FC {town}", "{town} airport", "retour naar {town}", "wijk in {town}", "bezorgd vanuit {town}", "afhalen in {town}", "het sorteercentrum {town}", "open dag {town}", "werkzaamheden in de {street_only} in {town}", "de {street_only} is afgesloten",
    "halte {street_only}", "winkelcentrum {street_only}", "parkeren op het {street_only}", "stroomstoring {street_only} en omgeving",
)  # fmt: skip
_HAS = (
    "heeft {h}", "kl heeft {h}", "klant heeft {h}", "lijdt aan {h}", "ivm {h}", "i.v.m. {h}", "gediagnosticeerd met {h}", "haar man heeft {h}", "zoon met {h}", "zoontje met {h}", "vanwege {h} niet kunnen betalen", "herstellende van {h}", "mijn moeder heeft {h}",
    "ik heb {h}", "ik heb zelf {h}", "door mijn {h}", "hij is opgenomen met {h}", "zit thuis met {h}", "diagnose: {h}", "diagnose {h}", "aandoening: {h}", "bijzonderheden: {h}", "medisch: {h}", "reden verzuim: {h}", "verzuim wegens {h}", "uitval door {h}",
    "mevr heeft al jaren {h}", "{first} heeft {h}", "dhr {last} heeft {h}", "haar {h} wordt erger", "is behandeld voor {h}", "onder behandeling voor {h}", "met haar {h} lukt dat niet", "gebruikt medicijnen tegen {h}", "sinds zijn {h}", "na een {h}", "bekend met {h}", "vader kreeg een {h}",
)  # fmt: skip
_IS = (
    "klant is {h}", "kl is {h}", "moeder is {h}", "ik ben {h}", "ben zelf {h}", "haar man is {h}", "is sinds vorig jaar {h}", "mevrouw is {h} en belt via haar dochter", "zoon is {h}", "hij is {h} verklaard", "mw is {h}", "want {first} is {h}", "dhr {last} is {h}", "partner {h}",
    "buurvrouw is {h}", "collega is {h}", "is helaas {h}", "omdat zij {h} is",
)  # fmt: skip
_GENERAL_HEALTH = (
    "folder over {h}", "verzekering dekt {h} niet", "informatie over {h}", "wordt {h} vergoed?", "artikel over {h}", "onderzoek naar {h}", "campagne tegen {h}", "collecte voor onderzoek naar {h}", "voorwaarden bij {h}", "polikliniek {h}", "cursus omgaan met {h}",
    "de vergoeding voor {h} staat in de polis", "brochure {h} bijgevoegd", "afdeling {h}", "stichting {h}",
)  # fmt: skip


def templates(random: Random, count: int, conditions: list[str], states: list[str]) -> list[str]:
    """Templates with slots, a different mixture each time."""
    return [_template(random, conditions, states) for _ in range(count)]


def _template(random: Random, conditions: list[str], states: list[str]) -> str:
    shape = random.random()
    if shape < 0.4:
        joint = random.choice(_JOINTS)
        return joint.join(_field(random) for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4, 5))))
    if shape < 0.55:
        bare = random.choice(_BARE)
        after = random.choice(("", ".", " gebeld", "\nbvd", " ?", " klopt dit?", " aub"))
        return bare if random.random() < 0.5 else f"{_around(random)}{bare}{after}"
    if shape < 0.63:
        return _sentence(random, random.choice(_RESIDENCE))
    if shape < 0.75:
        return _sentence(random, random.choice(_ELSEWHERE))
    if shape < 0.88:
        return _sentence(random, random.choice(_HAS).replace("{h}", f"[HEALTH:{random.choice(conditions)}]"))
    if shape < 0.94:
        return _sentence(random, random.choice(_IS).replace("{h}", f"[HEALTH:{random.choice(states)}]"))
    return _sentence(random, random.choice(_GENERAL_HEALTH).replace("{h}", random.choice(conditions)))


def _field(random: Random) -> str:
    table = LABELS if random.random() < 0.6 else OTHERS
    slot = random.choice(list(table))
    label = random.choice(table[slot].split("|"))
    value = "{" + slot + "}"
    frame = random.choice(_FRAMES[:7] if random.random() < 0.5 else _FRAMES)
    shown = random.choice((label, label, label.capitalize(), label.capitalize(), label.upper(), label.title()))
    return frame.replace("{L}", shown).replace("{l}", label).replace("{v}", value)


def _around(random: Random) -> str:
    return random.choice(
        (
            "",
            "nav tel ",
            "Betreft: ",
            "adres klant: ",
            "nieuw: ",
            "wijzigen in ",
            "Kl: ",
            "klant ",
            "let op: ",
            "zie ",
            "graag terugbellen: ",
            "doorverbonden met ",
            "is nu ",
            "Verzonden aan ",
            "check ",
        )
    )


def _sentence(random: Random, piece: str) -> str:
    before = random.choice(
        (
            "",
            "",
            "",
            "kl belt, ",
            "Mevrouw belt omdat ze ",
            "let op: ",
            "nb ",
            "Hoi, ",
            "info: ",
            "Klant meldt: ",
            "dus ",
        )
    )
    after = random.choice(
        (
            "",
            "",
            "",
            ".",
            ", graag terugbellen",
            ", zie vorige notitie",
            " en wil opzeggen",
            "?",
            " dus prio",
            ", monteur ingelicht",
            "!!",
        )
    )
    text = f"{before}{piece}{after}"
    return text[0].upper() + text[1:] if text and random.random() < 0.4 and text[0].isalpha() else text
