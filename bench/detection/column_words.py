"""Word lists for the made-up company; written for it, in no order."""


def words(text: str) -> tuple[str, ...]:
    """What stands between commas; a line ends inside a list."""
    return tuple(" ".join(word.split()) for word in text.split(","))


FIRST = words(
    """Mohammed, Fatima, Youssef, Aïcha, Mehmet, Ayşe, Emre, Zeynep, Piotr, Agnieszka, Krzysztof, Katarzyna,
    Nguyen, Thi Lan, Chinedu, Ngozi, Ravi, Shanti, Soerin, Winston, Chantal, Ivana, Dragan, Farid, Samira,
    Yusuf, Hatice, Olena, Dmytro, Xiu, Wei, João, Lucía, Gianluca, Ritske, Froukje, Sjoukje, Tjeerd, Gerlof"""
)
LAST = words(
    """el Amrani, Benali, Bouzid, Yılmaz, Kaya, Demir, Öztürk, Kowalska, Nowak, Wiśniewski, Tran, Pham, Okafor,
    Adeyemi, Ramdin, Soekhoe, Jagroep, Pinas, Petrović, Jovanović, Karimi, Ahmadi, Yıldız, Shevchenko, Wang,
    Chen, Ferreira, da Silva, Rossi, Hoekstra, Dijkstra, Bosma, Postma, Terpstra, Vos, Bos, Kok, Visser,
    Dekker"""
)
INFIXES = ("",) * 6 + words("de, van, van de, van der, van den, ter, in 't, den, te")
BANKS = words("RABO, INGB, ABNA, SNSB, ASNB, TRIO, KNAB, BUNQ, RBRB, FVLB")
MAIL = words("example.nl, example.com, mail.example, post.example.org")
CITIES_ABROAD = words("Antwerpen, Gent, Düsseldorf, Hasselt, Münster")
# A space at the end keeps the two halves apart.
STREET_STEMS = (
    "Linden", "Beuken", "Eiken", "Kastanje", "Meidoorn", "Wilgen", "Populieren", "Berken", "Kerk", "Molen",
    "Dorps", "School", "Stations", "Haven", "Markt", "Hoog", "Nieuw", "Oude ", "Parallel", "Wilhelmina",
    "Juliana", "Beatrix", "Emma", "Oranje", "Nassau", "Prins Hendrik", "Koningin ", "Burgemeester Reiger",
    "Dokter Schaepman", "Pastoor van Erp", "Vondel", "Rembrandt", "Vermeer", "Frans Hals", "Brede", "Mozart",
    "Beethoven", "Merel", "Lijster", "Zwaluw", "Reiger", "Kievit", "Tulpen", "Rozen", "Narcissen", "Anjer",
    "Zonnebloem", "Groene", "Lange", "Korte", "Achter", "Voor", "Zuider", "Noorder", "Wester", "Ooster", "Zand",
    "Veen", "Polder", "Dijk",
)  # fmt: skip
STREET_ENDS = words("straat, straat, straat, laan, laan, weg, weg, plein, singel, kade, hof, dreef, pad")
COMPANY_FIRST = words(
    """Bakkerij, Installatiebedrijf, Garage, Slagerij, De Vries, Jansen &, Van Dijk, Bakker, Smit en, Noordzee,
    Delta, Rijnmond, Hanze, Polder, Brabantse, Friese, Gebr. Visser, Kaasboerderij, Drukkerij,
    Schildersbedrijf, Meijer, Oranje, Tulp, Maas, IJssel, Van den Berg, Mulder, Autobedrijf,
    Hoveniersbedrijf, Timmerfabriek"""
)
COMPANY_LAST = words(
    """Jansen, Zonen, Installatietechniek B.V., Logistiek B.V., Groep N.V., Bouw, Transport, Techniek, Partners,
    Metaal V.O.F., Dekker, Verhuur, Groothandel B.V., Consultancy, Schoonmaak, Foods, Electronics, de Boer
    B.V., Holding, Advies, Keukens, Tegels, Verpakkingen B.V."""
)
PRODUCT_FIRST = words(
    """Jansen, De Vries, Sofie, Emma, Thomas, Bakker, Van Gogh, Rembrandt, Daan, Lotte, Milan, Wilhelmina, Oslo,
    Bergen, Texel, Basic, Pro, Comfort, Classic, Nova, Max, Victoria, Hans, Karel, Anna"""
)
PRODUCT_LAST = words(
    """eettafel eiken, bureaustoel, hoekbank, stoel, kast 80 cm, lamp zwart, pepermunt 150 g, koffiezetter, dekbed
    240x220, boormachine 18V, broodrooster, kruk, tuinset, kussen, vloerkleed, pannenset 5-delig, rugzak 25
    l, regenjas, verf mat wit"""
)
NOTES = (
    "{formal} belt over order {order}, wil liever na 17 uur teruggebeld worden op {phone}.",
    "Klant {full} ontevreden over {product}; excuses aangeboden.",
    "gesproken met {first}, gaat akkoord met vervangend artikel",
    "Adreswijziging doorgegeven: {street} te {city}, per volgende maand.",
    "Partner {other} belde namens {full}. Machtiging ontbreekt nog.",
    "Graag factuur nogmaals mailen naar {email}",
    "{formal} heeft het bedrag op {iban} nog niet ontvangen.",
    "voicemail ingesproken {phone}",
    "mw klaagt over bezorger, pakket lag bij de buren ({other})",
    "Overleden: {full}, geboren {born}. Nabestaande is {other}.",
    "Terugbelverzoek {phone} tussen 9 en 12, vragen naar {first}",
    "{full} verhuisd naar {city}, oude adres klopt niet meer",
    "Afspraak monteur bij {street}, sleutel ligt bij {other}.",
    "klantnr {client} is dubbel met dat van {other}",
    "Dochter {first} regelt de zaken voortaan, bereikbaar via {email}.",
    "{formal} is slecht ter been, hulp bij plaatsen nodig",
)
ENGLISH_NOTES = (
    "Spoke to {full}, will call back on {phone}.",
    "{first} asked to move the delivery of order {order} to {city}.",
    "Please reply to {email}, customer is annoyed.",
    "Account of {full} merged with that of {other}.",
)
EMPTY_NOTES = (
    "Geen gehoor.",
    "in gesprek, later opnieuw proberen",
    "Order {order} staat op verzonden.",
    "Retour {product} ontvangen en verwerkt.",
    "klant tevreden",
    "Wacht op voorraad {product}.",
    "Doorgezet naar tweede lijn.",
    "no answer",
    "Credit volgt.",
)
DESCRIPTIONS = (
    "{product}, massief hout, gebruiksaanwijzing bijgesloten. Gewicht {number} kg.",
    "Levering in {month}, maximaal {number} stuks per klant.",
    "Set van {number}; past bij {product}.",
    "Printer {code} geeft melding papier op lade 2, toner nog {number} procent.",
    "Update {code} uitgerold op {number} werkplekken, herstart nodig.",
    "Storing koeling hal {number}, onderdeel {code} besteld.",
    "Vaatwasserbestendig. Doos van {number} stuks, artikel {code}.",
    "VPN drops after {number} minutes, error {code}.",
    "Opgehaald bij depot {street}, pallet {number}.",
    "Nieuwe collectie {month}: {product} nu met {number} procent korting.",
    "Screen flickers when docking station {code} is attached",
    "{product} is leverbaar in drie kleuren; levertijd {number} dagen.",
)
CAREFUL = (
    "Vervangen riolering {street} over {number} meter, omleiding via {street}.",
    "Asfalt {street} tussen km {km} en {number}; nachtwerk.",
    "Aanleg drempels {street}, {number} parkeerplaatsen tijdelijk vervallen.",
    "Kap van {number} bomen langs de {street}.",
    "Snoeiwerk en herstraten, fase {number}",
)
