"""Dutch municipalities and larger places by province, as they stood on 1 January 2026."""

_PLACES = {
    "Drenthe": "Aa en Hunze, Assen, Borger-Odoorn, Coevorden, De Wolden, Emmen, Hoogeveen, Meppel, Midden-Drenthe, "
    "Noordenveld, Tynaarlo, Westerveld, Beilen, Borger, Roden, Eelde, Zuidlaren, Gieten, Klazienaveen",
    "Flevoland": "Almere, Dronten, Lelystad, Noordoostpolder, Urk, Zeewolde, Emmeloord",
    "Friesland": "Achtkarspelen, Ameland, Dantumadiel, De Fryske Marren, Harlingen, Heerenveen, Leeuwarden, "
    "Noardeast-Fryslân, Ooststellingwerf, Opsterland, Schiermonnikoog, Smallingerland, Súdwest-Fryslân, Terschelling, "
    "Tytsjerksteradiel, Vlieland, Waadhoeke, Weststellingwerf, Sneek, Drachten, Bolsward, Dokkum, Franeker, Joure, "
    "Lemmer, Wolvega, Workum, Gorredijk, Burgum, Oosterwolde",
    "Gelderland": "Aalten, Apeldoorn, Arnhem, Barneveld, Berg en Dal, Berkelland, Beuningen, Bronckhorst, Brummen, "
    "Buren, Culemborg, Doesburg, Doetinchem, Druten, Duiven, Ede, Elburg, Epe, Ermelo, Harderwijk, Hattem, Heerde, "
    "Heumen, Lingewaard, Lochem, Maasdriel, Montferland, Neder-Betuwe, Nijkerk, Nijmegen, Nunspeet, Oldebroek, "
    "Oost Gelre, Oude IJsselstreek, Overbetuwe, Putten, Renkum, Rheden, Rozendaal, Scherpenzeel, Tiel, Voorst, "
    "Wageningen, West Betuwe, West Maas en Waal, Westervoort, Wijchen, Winterswijk, Zaltbommel, Zevenaar, Zutphen, "
    "Borculo, Eibergen, Elst, Groesbeek, Groenlo, Lichtenvoorde, Velp, Geldermalsen, Huissen, Bemmel, Vaassen",
    "Groningen": "Eemsdelta, Groningen, Het Hogeland, Midden-Groningen, Oldambt, Pekela, Stadskanaal, Veendam, "
    "Westerkwartier, Westerwolde, Delfzijl, Appingedam, Hoogezand, Winschoten, Leek, Haren, Winsum, Uithuizen",
    "Limburg": "Beek, Beekdaelen, Beesel, Bergen, Brunssum, Echt-Susteren, Eijsden-Margraten, Gennep, "
    "Gulpen-Wittem, Heerlen, Horst aan de Maas, Kerkrade, Landgraaf, Leudal, Maasgouw, Maastricht, Meerssen, "
    "Mook en Middelaar, Nederweert, Peel en Maas, Roerdalen, Roermond, Simpelveld, Sittard-Geleen, Stein, Vaals, "
    "Valkenburg aan de Geul, Venlo, Venray, Voerendaal, Weert, Sittard, Geleen, Valkenburg, Echt, Horst, Tegelen",
    "Noord-Brabant": "Alphen-Chaam, Altena, Asten, Baarle-Nassau, Bergeijk, Bergen op Zoom, Bernheze, Best, Bladel, "
    "Boekel, Boxtel, Breda, Cranendonck, Deurne, Dongen, Drimmelen, Eersel, Eindhoven, Etten-Leur, Geertruidenberg, "
    "Geldrop-Mierlo, Gemert-Bakel, Gilze en Rijen, Goirle, Halderberge, Heeze-Leende, Helmond, 's-Hertogenbosch, "
    "Den Bosch, Heusden, Hilvarenbeek, Laarbeek, Land van Cuijk, Loon op Zand, Maashorst, Meierijstad, Moerdijk, "
    "Nuenen, Oirschot, Oisterwijk, Oosterhout, Oss, Reusel-De Mierden, Roosendaal, Rucphen, Sint-Michielsgestel, "
    "Someren, Son en Breugel, Steenbergen, Tilburg, Valkenswaard, Veldhoven, Vught, Waalre, Waalwijk, Woensdrecht, "
    "Zundert, Uden, Veghel, Schijndel, Boxmeer, Cuijk, Geldrop, Gemert, Rosmalen, Kaatsheuvel, Woudrichem, Grave",
    "Noord-Holland": "Aalsmeer, Alkmaar, Amstelveen, Amsterdam, Beverwijk, Blaricum, Bloemendaal, "
    "Castricum, Den Helder, Diemen, Dijk en Waard, Drechterland, Edam-Volendam, Enkhuizen, Gooise Meren, Haarlem, "
    "Haarlemmermeer, Heemskerk, Heemstede, Heiloo, Hilversum, Hollands Kroon, Hoorn, Huizen, Koggenland, Landsmeer, "
    "Laren, Medemblik, Oostzaan, Opmeer, Ouder-Amstel, Purmerend, Schagen, Stede Broec, Texel, Uitgeest, Uithoorn, "
    "Velsen, Waterland, Wijdemeren, Wormerland, Zaanstad, Zandvoort, Bussum, Hoofddorp, Zaandam, IJmuiden, Weesp, "
    "Naarden, Volendam, Heerhugowaard, Nieuw-Vennep, Monnickendam, Edam, Krommenie, Velserbroek, Badhoevedorp",
    "Overijssel": "Almelo, Borne, Dalfsen, Deventer, Dinkelland, Enschede, Haaksbergen, Hardenberg, Hellendoorn, "
    "Hengelo, Hof van Twente, Kampen, Losser, Oldenzaal, Olst-Wijhe, Ommen, Raalte, Rijssen-Holten, Staphorst, "
    "Steenwijkerland, Tubbergen, Twenterand, Wierden, Zwartewaterland, Zwolle, Rijssen, Nijverdal, Steenwijk, Goor, "
    "Genemuiden, Hasselt, Vriezenveen, Denekamp",
    "Utrecht": "Amersfoort, Baarn, De Bilt, Bunnik, Bunschoten, De Ronde Venen, Eemnes, Houten, IJsselstein, Leusden, "
    "Lopik, Montfoort, Nieuwegein, Oudewater, Renswoude, Rhenen, Soest, Stichtse Vecht, Utrecht, Utrechtse Heuvelrug, "
    "Veenendaal, Vijfheerenlanden, Wijk bij Duurstede, Woerden, Woudenberg, Zeist, Bilthoven, Doorn, Driebergen, "
    "Maarssen, Breukelen, Mijdrecht, Vianen, Leerdam, Soesterberg, Vleuten",
    "Zeeland": "Borsele, Goes, Hulst, Kapelle, Middelburg, Noord-Beveland, Reimerswaal, Schouwen-Duiveland, Sluis, "
    "Terneuzen, Tholen, Veere, Vlissingen, Zierikzee, Yerseke, Oostburg, Axel",
    "Zuid-Holland": "Alblasserdam, Albrandswaard, Alphen aan den Rijn, Barendrecht, Bodegraven-Reeuwijk, "
    "Capelle aan den IJssel, Delft, Dordrecht, Goeree-Overflakkee, Gorinchem, Gouda, 's-Gravenhage, Den Haag, "
    "Hardinxveld-Giessendam, Hendrik-Ido-Ambacht, Hillegom, Hoeksche Waard, Kaag en Braassem, Katwijk, Krimpen aan den "
    "IJssel, Krimpenerwaard, Lansingerland, Leiden, Leiderdorp, Leidschendam-Voorburg, Lisse, Maassluis, "
    "Midden-Delfland, Molenlanden, Nieuwkoop, Nissewaard, Noordwijk, Oegstgeest, Papendrecht, Pijnacker-Nootdorp, "
    "Ridderkerk, Rijswijk, Rotterdam, Schiedam, Sliedrecht, Teylingen, Vlaardingen, Voorne aan Zee, Voorschoten, "
    "Waddinxveen, Wassenaar, Westland, Zoetermeer, Zoeterwoude, Zuidplas, Zwijndrecht, Spijkenisse, Naaldwijk, "
    "Leidschendam, Voorburg, Hellevoetsluis, Alphen, Bodegraven, Sassenheim, Pijnacker, Berkel en Rodenrijs, Monster",
}

PROVINCES = tuple(_PLACES)

_OF = {place.casefold(): name for name, places in _PLACES.items() for place in places.split(", ")}


def province(place: str) -> str | None:
    """The province of a Dutch place or municipality; None for a place that the table does not have."""
    return _OF.get(place.casefold())
