"""Words to make people from: names as they occur in the Netherlands, of several origins; combinations are chance."""

_GIVEN = """
    Jan Piet Kees Henk Willem Gerrit Johan Bram Daan Sem Luuk Thijs Ruben Jesse Lars Sven Niels Wouter Joost Maarten
    Sjoerd Jelle Douwe Wiebe Tjeerd Hidde Siebe Folkert Anna Maria Johanna Els Ineke Marijke Truus Greet Sanne Lotte
    Femke Anouk Fleur Roos Iris Eva Emma Julia Saar Lieke Noor Esmee Sietske Froukje Nynke Hiske Tjitske Jildou
    Mohammed Youssef Hassan Rachid Said Karim Bilal Ilias Fatima Naima Samira Latifa Khadija Amina Soukaina Houda
    Mehmet Mustafa Emre Burak Hakan Yusuf Ayse Fatma Elif Zeynep Esra Merve Priya Sunil Radjesh Shanti Anil Indra
    Winston Delano Romano Chantal Shanice Gladys Agnieszka Piotr Tomasz Katarzyna Ewa Marek Mei Wei Jing Linh Minh
    Omar Layla Yara Nour Samir Abdi Hodan Dawit Selam Kwame Ama Ioana Andrei Mihai Olena Dmytro Carlos Ines Paulo
    Giulia Marco Petra Hans Ursula Dirk Rob Bart Ton Wim Joke Ria Tineke Wilma Bianca Patricia Kim Stefan Dennis
"""

GIVEN = tuple(_GIVEN.split())

# Tussenvoegsel and family name; an underscore joins the words of a tussenvoegsel.
_FAMILY = """
    Jansen de_Vries van_den_Berg Bakker van_Dijk Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks
    van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer van_der_Linden Kok Jacobs de_Haan
    Vermeulen van_den_Heuvel van_der_Veen van_den_Broek de_Bruijn de_Bruin van_der_Heijden Schouten van_Beek Willems
    van_Vliet van_de_Ven Hoekstra Maas Verhoeven Koster van_Dam van_der_Wal Prins Blom Huisman Peeters de_Jonge
    Kuipers van_Veen Kuiper Postma Veenstra Kramer van_den_Brink Scholten van_Wijk Post Martens Vink de_Ruiter
    Timmermans Groen Gerritsen Jonker van_Loon Boer van_der_Velde Willemsen Smeets de_Lange de_Vos Schipper Bosch
    Scholten van_der_Laan Bijlsma Wiersma Hofstra Zijlstra Terpstra Boonstra Sikkema Wierda Hiemstra Miedema Faber
    Nauta Jellema Rijpkema Andringa te_Velde ter_Horst ten_Brinke op_den_Akker in_'t_Veld van_'t_Hof 't_Hart
    uit_den_Boogaard van_der_Sluis el_Idrissi Benali Amrani Bouzidi el_Khattabi Haddou Aydin Yilmaz Kaya Demir Celik
    Sahin Öztürk Yıldız Ramdin Sewpersad Bhagwandin Jharap Kalloe Martina Pinas Koolhoven Kowalski Nowak Wiśniewska
    Zielińska Chen Wang Li Nguyen Tran Ali Hassan Mohamed Abdi Tesfay Haile Mensah Owusu Popescu Ionescu Kovalenko
    Silva Ferreira Rossi Müller Schneider Özdemir Kılıç Benjelloun van_Rossum Rozendaal Westerhof Oosterhuis
    Noordhoek Zuidema Akkerman Veldhuis Molenaar Slagter Kuijpers Wouters Claassen Janssens Aarts Gielen Hermans
    Coenen van_Kessel van_Gestel Swinkels Raaijmakers
"""


def _split(word: str) -> tuple[str | None, str]:
    *prefix, family = word.split("_")
    return " ".join(prefix) or None, family


FAMILY = tuple(_split(word) for word in _FAMILY.split())

_STREETS = """
    Dorpsstraat Kerkstraat Schoolstraat Molenstraat Stationsweg Julianastraat Wilhelminastraat Beatrixlaan
    Nieuwstraat Hoofdstraat Parallelweg Industrieweg Sportlaan Beukenlaan Eikenlaan Kastanjelaan Lindelaan
    Esdoornstraat Wilgenstraat Populierenlaan Berkenstraat Acacialaan Meidoornstraat Merelstraat Lijsterstraat
    Spreeuwenhof Reigerstraat Zwaluwstraat Rozenstraat Tulpstraat Anjerstraat Irisstraat Leliestraat Rembrandtlaan
    Vermeerstraat Mesdagstraat Mauvestraat Vondelstraat Bilderdijkstraat Multatulilaan Tollenstraat Erasmuslaan
    Thorbeckestraat Havenstraat Kanaalweg Singel Oostergracht Westerkade Zuiderdiep Noordersingel Marktplein Brink
    Achterweg Voorstraat Langestraat Kortestraat Hoge_Weg Lage_Dijk Oude_Rijksweg Oosteinde Westeinde Weverstraat
    Smidstraat Bakkerstraat Mandenmakershof Ambachtsweg Gildelaan Jan_Steenlaan Frans_Halsstraat Prins_Bernhardlaan
    Burgemeester_Feithlaan Pastoor_Kuyperstraat Dokter_Holtropstraat
"""

STREETS = tuple(word.replace("_", " ") for word in _STREETS.split())

# Town, the first postcode digits that belong to it, province.
TOWNS = (
    ("Leeuwarden", 8911, "Friesland"), ("Drachten", 9203, "Friesland"), ("Sneek", 8601, "Friesland"),
    ("Heerenveen", 8441, "Friesland"), ("Groningen", 9712, "Groningen"), ("Hoogezand", 9601, "Groningen"),
    ("Assen", 9401, "Drenthe"), ("Emmen", 7811, "Drenthe"), ("Zwolle", 8011, "Overijssel"),
    ("Enschede", 7511, "Overijssel"), ("Deventer", 7411, "Overijssel"), ("Almelo", 7601, "Overijssel"),
    ("Arnhem", 6811, "Gelderland"), ("Nijmegen", 6511, "Gelderland"), ("Apeldoorn", 7311, "Gelderland"),
    ("Ede", 6711, "Gelderland"), ("Utrecht", 3511, "Utrecht"), ("Amersfoort", 3811, "Utrecht"),
    ("Lelystad", 8223, "Flevoland"), ("Almere", 1311, "Flevoland"), ("Amsterdam", 1012, "Noord-Holland"),
    ("Haarlem", 2011, "Noord-Holland"), ("Alkmaar", 1811, "Noord-Holland"), ("Hilversum", 1211, "Noord-Holland"),
    ("Den Haag", 2511, "Zuid-Holland"), ("Rotterdam", 3011, "Zuid-Holland"), ("Leiden", 2311, "Zuid-Holland"),
    ("Dordrecht", 3311, "Zuid-Holland"), ("Gouda", 2801, "Zuid-Holland"), ("Middelburg", 4331, "Zeeland"),
    ("Terneuzen", 4531, "Zeeland"), ("Breda", 4811, "Noord-Brabant"), ("Tilburg", 5011, "Noord-Brabant"),
    ("Eindhoven", 5611, "Noord-Brabant"), ("'s-Hertogenbosch", 5211, "Noord-Brabant"), ("Oss", 5341, "Noord-Brabant"),
    ("Maastricht", 6211, "Limburg"), ("Venlo", 5911, "Limburg"), ("Roermond", 6041, "Limburg"),
    ("Heerlen", 6411, "Limburg"),
)  # fmt: skip

MAIL_DOMAINS = ("example.nl", "post.example", "brief.example", "wolk.example", "thuis.test", "kantoor.example")

CLIENTS = (
    ("stroomwijs", "Stroomwijs Energie (verzonnen)"),
    ("kabelaar", "De Kabelaar Internet (verzonnen)"),
    ("polderpakket", "Polderpakket Bezorging (verzonnen)"),
    ("waterwende", "Waterwende Drinkwater (verzonnen)"),
    ("zekerdak", "Zekerdak Verzekeringen (verzonnen)"),
    ("tuinkamer", "Tuinkamer Webwinkel (verzonnen)"),
)
"""The opdrachtgevers: slug and name."""
