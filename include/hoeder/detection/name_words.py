"""Of which words names of columns and tables are made, in Dutch, English and German, and what they mean together."""


def words_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# One canonical word for each way of writing it. Abbreviations as Dutch databases use them.
WORDS = {
    "name": "name naam nm namen naams nme namenlijst nom",
    "first": (
        "first given fore voor vr roep firstname voornaam voornamen vn vnaam roepnaam fname forename vnm christian "
        "rpnm vrnm vorname vornamen prenom vorna rufnm doop"
    ),
    "last": (
        "last family sur achter lastname surname achternaam anaam familienaam geslachtsnaam lname maiden meisjesnaam "
        "meisjes ach achtn achternm anm fam familie nachname zuname nachn gezinsnaam"
    ),
    "full": "full volledig volledige complete legal",
    "shown": "display",
    "initials": "initials voorletters voorl initialen voorletter vltrs vrltr vl inits",
    "infix": "infix tussenvoegsel tussenv tussenvoegsels voorvoegsel voorv tussenvgsl tsnvgsl tv",
    "salutation": "salutation aanhef courtesy aanspreektitel anrede",
    "email": "email mail emailadres mailadres eml mailaddress emladr emailaddress mailbox courriel epost",
    "phone": (
        "phone telephone telefoon tel telefoonnummer fon telnr telno fone phonenumber telf tlf landline fernsprecher "
        "doorkies doorkiesnummer msisdn callback telefoonnr terugbel"
    ),
    "mobile": "mobile mobiel mob gsm cell mobieltje mobilephone cellphone mobielnummer handy portable",
    "fax": "fax telefax telfx",
    "caller": (
        "caller calling beller callerid ani clip cli called callee gebeld gebelde bellend bellende dialed dialled"
    ),
    "address": (
        "address adres adr addr adresregel adresregels addressline residential bezorgadres postadres adresse anschrift"
    ),
    "street": "street straat str straatnaam strt streetname straatnm strasse straße rue stras",
    "house": "house huis hs",
    "housenumber": "huisnummer huisnr housenumber hnr husnr hsnr hsnummer hausnr hausnummer",
    "addition": "toevoeging toev tvg huisletter",
    "postcode": "postcode pstlz zip postal zipcode pc pcode pstcd postalcode postkode pcd plz postleitzahl",
    "city": "city town plaats plts gemeente stad municipality plaatsnaam locality pltsnm ort ville wohnort",
    "residence": "woonplaats wnpl wpl woonpl residence wnplts",
    "country": "country land pays lnd",
    "bsn": (
        "bsn sofi burgerservice ssn sofinummer burgerservicenummer bsnnr nin sociaal fiscaalnr steuernr steuernummer "
        "steuerid sozialversicherungsnr"
    ),
    "passport": (
        "passport paspoort pasp identiteitskaart idkaart identiteitsbewijs idbewijs legitimatie legitimatiebewijs "
        "idcard pspt psprt ausweis ausweisnr personalausweis reisepass"
    ),
    "anumber": "anummer anr onderwijsnummer pgn",
    "docnumber": "docnr documentnr documentnummer",
    "lastfour": "lastfour",
    "licence": "rijbewijs licence license rijbew rijbewijsnummer rijbwnr rbw",
    "plate": "plate kenteken kent kentekenplaat kntkn kntk numberplate kennzeichen registration",
    "iban": "iban ibannr ibannummer",
    "bank": "bank bankrek",
    "account": "account rekening rek acct",
    "birth": (
        "birth geboorte geb born dob birthday birthdate geboren gebdat birthdt gebdatum geboortedatum geboortedag gbdt "
        "gbdat bday verjaardag gebdt geburtsdatum geburtstag geburts gebtag naissance bdate gbjr gebjaar gebjr yob "
        "gebdatm jarig gbd gbdtm gebdtm"
    ),
    "age": "age leeftijd lft lftd leeft alter leeftijdscat leeftijdscategorie leeftijdsklasse leeftijdsgroep",
    "gender": (
        "gender geslacht sex gesl gslcht gndr geschlecht sexe gesch geschl geslachtsaanduiding aanspreekvorm "
        "voornaamwoorden pronouns"
    ),
    "nationality": (
        "nationality nationaliteit nat natio nationalit citizenship staatsburgerschap herkomstland staatsangehörigkeit "
        "verblijfstitel verblijfsstatus verblijfsvergunning verblijfsrecht inburgeringsplichtig inburgering"
    ),
    "marital": (
        "marital burgerlijke burgst burgerlijk burgerl burgstaat civil familienstand famst burg relatiestatus leefvorm "
        "samenlevingsvorm"
    ),
    "language": "language taal lang moedertaal voorkeurstaal voertaal taalvoorkeur",
    "ip": "ip ipv ipaddr ipaddress ipadres",
    "remote": "remote client",
    "cookie": "cookie gclid fbclid msclkid",
    "device": "device apparaat mac toestel hardware android push udid",
    "advertising": "idfa gaid advertising adid idfv",
    "fingerprint": "fingerprint fp",
    "token": "token",
    "agent": "useragent browser",
    "user": "user gebruiker usr",
    "username": (
        "username login gebruikersnaam loginname inlognaam loginnaam handle nickname screenname screen logon uname "
        "ernam aenam usnam upn sso nick alias gamertag inlog ldap networkid netwerkid netid loginid inlogid inlogcode "
        "gebruikerscode schermnaam weergavenaam bijnaam profielnaam spelernaam spelersnaam nicename muteerder "
        "invoerder sysmodifier syscreator"
    ),
    "password": "password pin wachtwoord passwd pwd ww passphrase pincode pwhash wachtw",
    "person": (
        "person persoon betrokkene visitor bezoeker participant deelnemer respondent cursist panellid lid member mbr "
        "lidmaatschap owner eigenaar bezitter passagier passenger reiziger membership inzittende"
    ),
    "customer": (
        "customer cust cif klant kl klnt debiteur deb relatie rel consument patient cliënt patiënt pat clnt buyer "
        "koper besteller shopper guest gast huurder tenant bewoner kunde kunden kundin abonnee subscriber cus kunnr ll "
        "lener debitor debtor lessee hoofdboeker woningzoekende patron gpart vkont eckid"
    ),
    "employee": (
        "employee emp medewerker medew mdw personeel werknemer wn staff applicant sollicitant kandidaat wrkn candidate "
        "collega behandelaar huisarts manager chef leidinggevende supervisor arts docent student leerling pupil pers "
        "personeelslid mitarbeiter mentor bestuurder chauffeur kassier berijder rijder pernr persnr instructeur "
        "zorgverlener verzorger voorschrijver agb assigned assignee toegewezen teacher leerkracht coach mgr pnr chf "
        "chauf planner therapist therapeut fysiotherapeut dominee predikant pastor ouderling hulpverlener tandarts "
        "verpleegkundige physician consulent kand emid handler afhandelaar teamleider functionaris curator "
        "bewindvoerder notaris advocaat driver drivers"
    ),
    "keeper": (
        "adviseur adviser advisor accountmanager monteur uitvoerder verkoper verkoopster installateur installer "
        "salesrep vertegenwoordiger agent agt consultant recruiter operator opr begeleider casemanager specialist "
        "beheerder onderhoudsmonteur"
    ),
    "contact": (
        "contact cp contactpers contactpersoon contactperson ctp cnt cntct cntpers ctpers contpers cpers "
        "gesprekspartner tekenbevoegde noodcontactpersoon"
    ),
    "author": (
        "author auteur sender afzender ontvanger recipient recip reporter melder reply from geadresseerde addressee "
        "indiener aanvrager requester signer ondertekenaar holder houder tenaamstelling tennaam tenaam tnv "
        "rekeninghouder verzekerde polishouder begunstigde beneficiary partner echtgenoot spouse kind child ouder "
        "parent moeder vader mother father tav voogd guardian getuige witness overtreder verdachte verzekeringnemer "
        "erflater gemachtigde donateur donor attn gastheer gastvrouw aanspreeknaam contractant contracthouder "
        "aanmelder ontv gever schenker belanghebbende tegenpartij erfgenaam nabestaande overledene klager complainant "
        "schuldenaar schuldeiser inzender submitter mantelzorger adressering"
    ),
    "emergency": "emergency nood noodcontact",
    "salary": (
        "salary salaris loon bruto netto wage uurloon maandsalaris jaarsalaris brutoloon inkomen income wages "
        "compensation bonus schuld debt pensioen pension brutosal netsal uurtarief hypotheek krediet kredietscore "
        "creditscore bkr loonschaal loontrede vermogen uitkering alimentatie kredietlimiet brutoln loonheffing loonhef "
        "gehalt salarisschaal inschaling loonbeslag spaargeld vakantiegeld pensioengrondslag lening brt uurln loan "
        "mortgage inkomensklasse sal maandloon jaarloon nettoloon schuldsanering wsnp bijstand huurtoeslag zorgtoeslag"
    ),
    "balance": "balance saldo kontostand tegoed achterstand betalingsachterstand huurachterstand",
    "badge": (
        "badge pas toegangspas personeelspas rfid nfc bibliotheekpas lenerspas klantkaart klantenkaart tachokaart "
        "tachograafkaart bestuurderskaart bonuskaart spaarkaart ledenpas loyaltycard clubkaart ledenkaart ovchipkaart "
        "museumkaart tankpas"
    ),
    "illness": (
        "ziekte ziek verzuim ziekmelding diagnose diagnosis medisch medical allergie allergieën allergies allergy "
        "sickness illness aandoening medicatie medication medicijn medicijnen medicine disability "
        "handicap beperking dieet diagnoses bloedgroep bloodtype zorgindicatie treatment behandeling symptomen "
        "symptoms bmi zwanger pregnant icd icd10 arbeidsongeschikt arbeidsongeschiktheid ao vaccinatie vaccination wao "
        "wia bloeddruk bloedgrp bloedgr dieetwens dieetwensen dyslexie belastbaarheid zorgvraag bedrijfsarts "
        "verzuimpct verzuimreden verzuimdag icpc dbc krankheit letsel hulpmiddel adhd autisme revalidatie medicament "
        "anamnese hartslag heartrate glucose bloedsuiker rookt roker smoker hypertensie dosering vetpercentage "
        "slaapduur verzuimduur verzuimoorzaak arbo pijn pijnscore pain gebit rolstoel zorgzwaarte behandelplan fysio "
        "ggz verslaving zwangerschap cholesterol systolic diastolic systolisch diastolisch hba slaapscore slaapuren "
        "smoking rookgedrag menstruatie labuitslag labwaarde visus dioptrie gehoorverlies gehoor vaccinated "
        "gevaccineerd vaccin covid blood bodyweight lichaamsgewicht lichaamsvet bodyfat wheelchair injury blessure "
        "blessures surgery therapie therapy comorbiditeit prescription voorschrift dietary zkt vangnet ziektedagen "
        "ziekteuren medische zorgprofiel kwetsbaar kwetsbaarheid betermelding hersteldmelding"
    ),
    "health": "health gezondheid indicatie heart middel dosis",
    "latitude": (
        "latitude lat longitude lon lng geo coordinates coordinaten breedtegraad lengtegraad geolocation geolocatie "
        "latlng location locatie coord coords coordinate positie"
    ),
    "photo": "photo foto picture image afbeelding plaatje",
    "portrait": "pasfoto avatar portrait portret selfie profielfoto headshot pasf schoolfoto personeelsfoto klantfoto",
    "signature": "signature handtekening hndtk handtek",
    "note": (
        "note notes toel notitie notities opmerking opmerkingen opm memo remark remarks comment comments toelichting "
        "aantekening aantekeningen bijzonderheden gespreksnotitie opmrk bijz annotation observations observatie "
        "kanttekening vrij"
    ),
    "message": (
        "message bericht body berichttekst klacht complaint transcript gesprek verslag motivatie motivation cv "
        "gespreksverslag feedback review beoordeling bio biografie biography sollicitatiebrief complaints msg chat "
        "samenvatting summary terugkoppeling gespreksnotities ervaring toedracht voorval transcriptie motivatiebrief "
        "testimonial evaluatie evaluatietekst"
    ),
    "text": "text tekst txt content inhoud answer antwoord vraag question reactie response uitleg",
    "referrer": "referrer referer",
    "visited": "visited bezochte clicked aangeklikt aangeklikte page pagina",
    "url": "url uri link",
    "job": "job functie functienaam beroep occupation functietitel profession func fnctie position jobtitle",
    "title": "title titel",
    "voice": "voice stem recording opname",
    "card": "card creditcard pan kaart kaartnummer cardnumber creditcardnummer ccnr cc",
    "religion": "religion religie geloof geloofsovertuiging kerkgenootschap levensbeschouwing religious gezindte",
    "ethnicity": "ethnicity etniciteit ras race ethnic afkomst etnische etn",
    "orientation": "orientation geaardheid seksuele sexual",
    "union": "vakbond vakbondslid vakbondslidmaatschap",
    "politics": "political politieke partijlidmaatschap partijvoorkeur stemvoorkeur stemgedrag politiek",
    "party": "partij party stemkeuze",
    "criminal": "strafblad veroordeling conviction criminal justitieel vog fraude fraud",
    "biometric": "biometric biometrie biometrisch vingerafdruk iris gezichtsscan faceprint voiceprint stemafdruk",
    "genetic": "genetic dna genetisch",
    "social": "linkedin facebook instagram insta twitter tiktok whatsapp skype socials",
    "gps": "gps geotag geohash pluscode what3words whatthreewords wkt latlon latlong",
    "province": "province provincie county region regio",
    "year": "year jaar jr",
    "search": "search zoekterm zoekopdracht searchterm",
    "insured": "verzekerdennummer zorgverzekeringsnummer polisnummerzorg verzekerdenr",
    "sms": "sms",
    "sim": "imsi imei iccid simnummer simkaart simkaartnummer",
    "cell": "cellid cgi",
    "death": "overlijden overleden overlijdensdatum sterfdatum deceased death died",
    "children": (
        "kinderaantal dependants dependents gezinssamenstelling gezinsgrootte gezinsgr gezinsomvang huishoudgrootte"
    ),
    "policynumber": "polis polisnr polisnummer polnr polisnum",
    "mandate": "mandaat mandate mndt machtigingskenmerk mandaatid incassomachtiging",
    "consent": (
        "consent toestemming optin optout nieuwsbrief newsletter unsubscribed uitgeschreven donotcall bezwaargemaakt "
        "geheimhouding akkoord akk instemming"
    ),
    "profile": "profile profiel",
    "player": "player speler gamer",
    "household": "household huishouden",
    "householdnumber": "huishoudnr huishoudnummer gezinsnr gezinsnummer",
    "session": "session sessie sessionid sessieid sid sess",
    "courtesy": "courtesies titulatuur",
    "number": "number nummer nr num no nrs nmr numr",
    "id": "id uid key ref code cd kd sleutel identifier uuid guid pk fk referentie",
    "date": "date datum dat dt day dag on dtm dte at",
    "hash": "hash sha md digest checksum hashed gehasht",
}  # fmt: skip

# Things, organisations and events: their names, numbers and dates are nobody's.
ORGANISATIONS = words_of(
    """
    supplier leverancier vendor shop winkel filiaal vestiging branch magazijn warehouse company bedrijf firma
    organisation organization organisatie shipper carrier restaurant hotel school ziekenhuis hospital distributeur
    manufacturer fabrikant producent location locatie gebouw building station filialen bedrijven scholen
    ziekenhuizen werkgever employer merchant dealer dealers kantoor kantoren office offices depot depots hub
    intermediair tussenpersoon makelaar loket balie afhaalpunt servicepunt store stores opdrachtgever vest
    standplaats contractor aannemer onderaannemer subcontractor bureau uitzendbureau agency opdrachtnemer
    dienstverlener vervoerder repairer reparateur hersteller herstelbedrijf garage werkplaats
    """
)
MACHINES = words_of(
    """
    server host hostname switch router node netwerk network machine sensor meter station service api endpoint
    printer camera gateway firewall modem kassa terminal beacon tracker cmdb iot plc automaat laadpaal srv scanner
    dns fqdn lezer reader proxy cluster apparaten apparatuur mgmt
    """
)
_THINGS = words_of(
    """
    product prod artikel art article item sku description omschrijving omschr desc bedr file bestand filename table
    tabel column kolom schema domain domein bedrijfsnaam org brand merk model category categorie campaign campagne
    release version versie build project team department afdeling kvk rsin btw vat shipped territory gebied homepage
    website site webpage state status type kind soort event order bestel bestelling ordr factuur fact invoice stand
    batch serial serie invoer amount bedrag prijs price quantity aantal count total totaal ean gtin isbn herkomst
    origin queue wachtrij template sjabloon rule regel policy job task dag run opening oprichting opgericht founded
    dienst hire hired start begin eind end created updated modified gewijzigd aangemaakt color colour kleur size
    maat weight gewicht height hoogte breedte lengte currency valuta tax rate tarief discount korting margin marge
    stock voorraad module component onderdeel parts asset vehicle voertuig chassis container shipment zending
    tracking pallet route lijn perron bus trein ticket contract projecten course cursus opleiding opl vak book boek
    film movie song album track genre publisher uitgever edition editie recipe recept ingredient error fout log
    level severity exception trace metric kpi score index checksum config setting parameter flag vlag enabled active
    actief deleted success method http dienstverlening application app sla prioriteit priority channel kanaal source
    bron target doel mime format extension encoding bouw bouwjaar gebouwd built winkels fabrikanten installation
    installatie meterstand verbruik usage energie energy voltage temperatuur temperature expiry verloop vervaldatum
    geldig valid due deadline betaling payment betaald paid transaction transactie boeking grootboek ledger
    kostenplaats budget cost kosten inkoop verkoop sales revenue omzet kvknummer distributor groothandel merknaam
    shopnaam verzekeraar insurer pand kamer room zaal bin schip schepen scheep vessel boot halte meetstation wijn
    druif streek artiest podium timeout premie prm min max minimum maximum minimale maximale limit limiet grens vereist
    required gem gemiddeld gemiddelde avg average mean mediaan median perc percentage aandeel norm drempel threshold
    laad laadadres losadres vacature vacatures jaargang uitslagen stembureau prompt cfg dossier doss register
    bevolking statistiek statistics complex wijkpost dnis hgt brd wagen wagenpark group groep ploeg skill srt
    abonnement abonn subscription mandt mandant bukrs werks datategoed beltegoed dest destination bestemming vertrek
    aankomst departure arrival luchthaven airport herstel laadplaats losplaats
    """
)
THINGS = _THINGS | MACHINES | ORGANISATIONS - {"locatie", "location"}
"""`location` says where somebody is, too."""

FILLERS = words_of(
    """
    the of de het een van in to for is has per line old new alt alternatief prive work werk thuis home mast master
    stam hist tmp imp dtl main gezin gezins
    """
)

# Words that together mean a category; where several fit, the most words win. Each stands by itself, unless it is one
# of VAGUE_PHRASES.
MEANINGS: dict[str, str] = {
    "user.name.first": "first name, first, initials",
    "user.name.last": "last name, last, infix",
    "user.name": (
        "name, full name, contact name, customer name, employee name, keeper, keeper name, person name, author name, "
        "emergency name, person, contact, author, salutation, salutation title, caller name, account name, customer, "
        "employee, emergency contact"
    ),
    "user.contact.email": "email, author address, email address",
    "user.contact.phone_number": (
        "sms, sms number, sms author, social number, caller party, phone, mobile, caller, caller number, "
        "phone number, mobile number, emergency, emergency number, phone id"
    ),
    "user.contact.fax_number": "fax, fax number",
    "user.contact.address": "address",
    "user.contact.address.street": (
        "street, street name, housenumber, house number, house, house addition, addition, street number, "
        "street address, street house number"
    ),
    "user.contact.address.postal_code": "postcode, postcode id",
    "user.contact.address.city": "residence, city, city name",
    "user.contact.address.state": "province, province name",
    "user.demographic": "death, death date, children, birth residence, birth city, birth country, birth province",
    "user.contact.address.country": "country, country id, country name",
    "user.contact.url": "social, social url",
    "user.government_id.national_identification_number": "bsn, bsn number",
    "user.government_id": "anumber",
    "user.government_id.passport_number": "passport, passport number, docnumber",
    "user.government_id.drivers_license_number": "licence number, licence",
    "user.government_id.vehicle_registration": "plate, plate number",
    "user.financial.bank_account": "iban, bank account, account number, bank, bank number, iban number",
    "user.financial.credit_card": "card, card number",
    "user.demographic.date_of_birth": "birth, birth date, birth year, birth date person",
    "user.privacy_preferences": "consent, consent email, consent phone, consent sms, consent photo, consent portrait",
    "user.demographic.age_range": "age",
    "user.demographic.gender": "gender",
    "user.demographic.citizenship_or_immigration_status": "nationality",
    "user.demographic.marital_status": "marital",
    "user.demographic.language": "language",
    "user.demographic.religious_belief": "religion",
    "user.demographic.race_ethnicity": "ethnicity",
    "user.demographic.sexual_orientation": "orientation",
    "user.demographic.union_membership": "union",
    "user.demographic.political_opinion": "politics, party",
    "user.criminal_history": "criminal",
    "user.device.ip_address": "ip, ip address, remote address, remote ip",
    "user.device.cookie_id": "cookie, cookie id, session id, session",
    "user.device.device_id": (
        "sim, sim number, device id, device number, device address, device, device token, advertising, advertising id"
    ),
    "user.device": "agent, fingerprint, device fingerprint",
    "user.account.username": (
        "profile name, player name, user name, username, username name, email username, username person, "
        "username id, user account, "
        "account username, agent username, keeper username, shown name, account"
    ),
    "user.authorization.password": "password, password hash",
    "user.authorization.credentials": "token",
    "user.unique_id": (
        "household id, household number, householdnumber, user id, person id, customer id, employee id, "
        "contact id, user, "
        "customer number, employee number, "
        "person number, contact number, author id, badge customer, badge employee, badge keeper, badge person, caller "
        "id, email hash, user hash, customer hash, phone hash, insured number,  "
        "employee hash, person hash, badge, badge id, badge number, card id, policynumber, "
        "keeper id, keeper number, author number"
    ),
    "user.health_and_medical.insurance_beneficiary_id": "insured, insured number",
    "user.health_and_medical.genetic": "genetic",
    "user.financial": "salary, mandate, mandate id, mandate number, balance, account balance, lastfour, card lastfour",
    "user.health_and_medical": "illness, health",
    "user.location.precise": "gps, latitude",
    "user.location.imprecise": "cell",
    "user.content.self_image": "photo, portrait",
    "user.biometric": "signature, biometric",
    "user.biometric.voice": "voice",
    "user.content.private": "email message, note, message, message text, note text, employee note, customer note",
    "user.content": "text",
    "user.behavior.browsing_history": "referrer, visited url, visited",
    "user.behavior.search_history": "search",
    "user.job_title": "job title, job, contact title, title, employee job",
}

# Words that say too little by themselves: the values have to say the same.
VAGUE_PHRASES = (
    "keeper, keeper name, sms, sms number, sms author, caller party, profile name, player name, "
    "name, person, contact, author, "
    "customer, employee, city, country, country id, country name, address, addition, "
    "age, title, text, visited, device, bank, job, language, house, caller, account name, health, voice, emergency, "
    "note, message, message text, account number, contact number, latitude, nationality, first, last, "
    "author id, street number, "
    "province, province name, card, card number, search, union, social, licence, agent, device number, "
    "device address, bank number, "
    "session id, session, phone id, politics, party, criminal, fingerprint, account, balance, badge, "
    "device token, card id,  "
    "user account, token, insured, city name, photo, signature, biometric, ethnicity, orientation, policynumber, "
    "consent, consent email, consent phone, consent sms, keeper id, keeper number, author number, docnumber"
)

# Whose something is says less than what it is: `klant_geslacht` is a gender.
ROLES = words_of("person contact author customer employee keeper user caller")

# An order's or a payment's address is still somebody's, and a status can be a marital one.
EVENTS = words_of(
    """
    order bestel bestelling ordr factuur fact invoice ticket contract betaling payment transaction transactie boeking
    shipment zending event dossier doss installatie installation shipped levering project valid geldig verzekering
    insurer source bron target doel channel kanaal project team
    """
)
SIDES = words_of(
    "flag vlag group groep perc amount bedrag score status type kind soort state category categorie level index start "
    "begin eind end percentage pct"
)
EVENTFUL = (
    "user.contact.",
    "user.name",
    "user.financial.bank",
    "user.content.private",
    "user.device.ip",
)
SIDED = (
    "user.criminal_history",
    "user.financial",
    "user.demographic.",
    "user.health_and_medical",
    "user.government_id.",
    "user.location",
)
LIVES = words_of("verzuim ziekmelding ziekteverzuim absence sickness loonstrook salarisstrook payslip payroll")
"""What happens to people alone, after which tables are named."""
DESCRIPTIONS = words_of("description omschrijving omschr desc")

OWNERS = words_of("person customer user contact caller")
REGISTERED = words_of("kvk kvknummer coc rsin btw vat uzovi agb")
"""Numbers that organisations are registered by."""
GENERAL = words_of("alg algemeen algemene general main central centraal hoofd receptie switchboard centrale")
REACHED_THERE = words_of("contact keeper employee")
"""People of an organisation whom one reaches there."""
WHOLE = words_of(
    "self call create custom daily edit enable fill form fund hold import indent invalid left local option "
    "parse play produce profit read request require reset resource return sale scan send static tick time wheel "
    "burst contain"
)
"""English words that look like the beginning of another and are none."""
EMPTY = words_of("kolom veld waarde gegeven gegevens tekst inhoud invoer extra overig data value field column")
COUNTS = words_of("aantal count total totaal n pct percentage aandeel share frequentie frequency")
