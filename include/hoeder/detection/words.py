"""Short word lists: frequent names, towns, words that mark a street or a company. They weigh, they do not decide."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTIONAL_MAILBOXES = _set(
    """
    info contact support service klantenservice klantcontact helpdesk sales verkoop marketing admin
    administratie facturen factuur invoice billing finance debiteuren crediteuren noreply no-reply donotreply
    mailer-daemon postmaster webmaster abuse privacy fg dpo security hr personeelszaken vacatures jobs
    recruitment pers press office receptie planning bestellingen orders retour redactie nieuwsbrief newsletter
    klachten meldpunt
    """
)
DESKS = FUNCTIONAL_MAILBOXES | _set(
    """
    assistente praktijk balie apotheek secretariaat directie bestuur inkoop boekhouding magazijn
    logistiek expeditie ict it servicedesk storing storingen reserveringen reservations booking bookings events
    ledenadministratie mail post welkom hello hallo team kantoor zakelijk verhuur incasso betalingen accounts
    payable procurement purchasing werkplaats winkel webshop shop store import export customs claims schade loket
    gemeente griffie bezwaar onderhoud beheer verkoopbinnendienst customerservice customercare order ap ar
    productie tickets ticketing
    """
)
"""Mailboxes of a desk or an organisation, as one finds them in tables."""

FIRST_NAMES = _set(
    """
    jan johan johannes peter piet pieter henk hendrik kees cornelis willem wim gerard gerrit hans dirk frank rob
    robert erik eric mark marco martijn marcel michel michiel paul patrick richard ronald ruud ron rene sander
    sebastiaan stefan steven thomas tim tom tijs thijs daan bram lars luuk lucas noah sem levi finn jesse milan
    max ruben sven joris jeroen jasper bas bart arjan andre anton arie bert ben bob dennis edwin eelco floris
    freek geert guus harm harry herman hugo ivo jacob jaap jelle joost joop karel klaas koen leo luc maarten
    matthijs menno niels nico olaf otto pim reinier remco roel roy sjoerd stijn teun theo tobias ton victor
    vincent wouter yannick mohammed mohamed ahmed ali hassan hussein ibrahim mehmet mustafa murat omar youssef
    yusuf karim rachid said bilal emre can deniz maria anna johanna elisabeth cornelia wilhelmina hendrika
    catharina margaretha adriana petra ingrid monique karin sandra linda anja esther marjan marleen mirjam
    miriam nicole patricia saskia sonja suzanne sylvia wendy yvonne annemarie annemieke anouk astrid barbara
    bianca brigitte carla carolien charlotte chantal christine claudia danielle debbie diana ellen els emma eva
    eline femke fleur floor hanneke heleen helena ilse irene iris isabel jacqueline janneke jessica jolanda
    josephine joyce judith julia karlijn kim laura lieke lisa lisanne lotte lucia maaike manon mara margriet
    marieke marian marianne marije martine merel mieke mila mirella natasja nina noor nora olga paula renate
    roos rosa sanne sara sarah simone sofie sophie tess tessa trudy vera willemijn zoe fatima aisha khadija
    amina samira zeynep elif ayse fatma naima latifa anita michael david daniel james john mary margaret nancy
    janet andrew elizabeth victoria christina antonio carlos ana pedro roland yang francisco martin diego jose
    lino paolo georg karl jean mario palle pirkko howard eduardo agnieszka piotr tomasz katarzyna krzysztof thi
    nguyen priya rajesh wei kwame chidi ngozi
    """
)

SURNAMES = _set(
    """
    jansen janssen jong vries berg bakker dijk visser smit meijer meyer boer mulder groot bos vos peters
    hendriks leeuwen dekker brouwer wit dijkstra smits graaf meer linden kok jacobs haan vermeulen heuvel veen
    broek schouten willems hoekstra koster prins huisman postma peeters kuipers kuiper ven maas verhoeven jonge
    martens hermans beek wal scholten post koning bosch vink gerritsen dam kramer mol hofman sanders dongen hoek
    blom molenaar wijk veenstra bruin tol yilmaz kaya demir celik ozturk sahin aydin hassan ali bouzid amrani
    bakkali singh nguyen kowalski nowak silva santos pinas wongso
    """
)

NAME_PARTICLES = _set("van de der den ter ten te 't in op aan het la le du da dos di del el al von zu zur bin ibn ben")
TITLES = _set(
    "dhr mevr mw mevrouw meneer heer de drs ir ing dr prof mr mrs ms miss mister sir dame hr fam familie weduwe wed jhr"
)

TOWNS = _set(
    """
    amsterdam rotterdam den-haag 's-gravenhage utrecht eindhoven groningen tilburg almere breda nijmegen
    apeldoorn haarlem arnhem enschede amersfoort zaandam den-bosch 's-hertogenbosch hoofddorp zwolle leiden
    zoetermeer leeuwarden dordrecht ede maastricht alphen-aan-den-rijn alkmaar emmen delft venlo deventer
    helmond oss hilversum heerlen amstelveen sittard hengelo purmerend schiedam lelystad roosendaal vlaardingen
    spijkenisse almelo gouda hoorn veenendaal assen nieuwegein bergen-op-zoom katwijk capelle-aan-den-ijssel
    zeist doetinchem roermond velsen barneveld hoogeveen middelburg terneuzen kampen weert woerden houten
    waalwijk tiel zutphen rijswijk drachten goes vlissingen sneek harderwijk veghel meppel culemborg wageningen
    winterswijk heerenveen bussum huizen castricum beverwijk heemskerk diemen uithoorn aalsmeer maassluis
    ridderkerk zwijndrecht papendrecht gorinchem
    """
)

STREET_ENDINGS = (
    "straat", "str", "str.", "laan", "weg", "plein", "gracht", "kade", "dijk", "singel", "dreef", "hof", "steeg",
    "plantsoen", "park", "wal", "markt", "pad", "baan", "boulevard", "street", "road", "avenue", "lane",
)  # fmt: skip

COMPANY_WORDS = _set(
    """
    bv b.v. b.v nv n.v. vof v.o.f. stichting vereniging holding groep group ltd inc gmbh co
    llc plc sa sarl ag kg oy ab spa srl cooperatie coöperatie maatschap
    & zonen zn gebr gebroeders bros company corporation corp bank verzekeringen services solutions international
    nederland europe industries consultancy advies bouw techniek transport logistics
    """
)

COMPANY_ENDINGS = (
    "praktijk", "apotheek", "bedrijf", "bedrijven", "centrum", "groep", "werken", "techniek", "diensten",
    "installaties", "logistiek", "bouw", "handel", "fabriek", "makelaars", "makelaardij", "advies", "ziekenhuis",
    "college", "hotel", "restaurant", "garage", "bakkerij", "slagerij", "drukkerij", "uitgeverij", "verhuur",
    "huisartsen", "tandartsen", "verzekeraar", "verzekeringen", "transport", "kliniek", "gemeente", "waterschap",
    "onderhoud", "beheer",
)  # fmt: skip
"""How words end that say what an organisation is."""

JOB_WORDS = _set(
    """
    manager medewerker medewerkster directeur director representative coordinator coördinator adviseur assistant
    assistent teamleider agent owner eigenaar president administrator analist analyst engineer ontwikkelaar
    developer supervisor recruiter planner monteur accountant boekhouder verpleegkundige leraar docent chauffeur
    jurist advocaat arts huisarts tandarts secretaresse receptionist receptioniste programmeur ingenieur architect
    stagiair stagiaire consultant inkoper verkoper kok bakker schilder timmerman elektricien loodgieter kapper
    controller specialist technicus beheerder begeleider verzorgende hoofd leidinggevende magazijnmedewerker nurse
    teacher lawyer driver secretary officer accountmanager projectleider hoogleraar onderzoeker researcher tester
    schoonmaker beveiliger kassier cashier apotheker fysiotherapeut psycholoog journalist redacteur makelaar
    """
)

GENDERS = _set(
    "m v f x o man vrouw male female mannelijk vrouwelijk onbekend unknown other anders divers jongen meisje"
)
GENDER_PAIRS = ("m v", "m f", "man vrouw", "male female", "mannelijk vrouwelijk")

MARITAL = _set(
    """
    gehuwd ongehuwd gescheiden weduwe weduwnaar alleenstaand samenwonend verweduwd married single divorced widowed
    widow widower separated partnerschap partner registered getrouwd ongetrouwd verloofd samenwonen geregistreerd
    """
)

NATIONALITIES = _set(
    """
    nederlandse belgische duitse franse spaanse italiaanse portugese poolse turkse marokkaanse surinaamse
    britse engelse ierse amerikaanse chinese indiase indonesische syrische eritrese somalische iraanse iraakse
    afghaanse oekraïense russische roemeense bulgaarse hongaarse griekse zweedse deense noorse finse zwitserse
    oostenrijkse tsjechische slowaakse kroatische servische bosnische albanese ghanese nigeriaanse egyptische
    tunesische algerijnse ethiopische pakistaanse vietnamese thaise japanse koreaanse braziliaanse colombiaanse
    venezolaanse argentijnse mexicaanse canadese australische kaapverdische antilliaanse filipijnse staatloos
    dutch belgian german french spanish italian polish turkish moroccan british irish american syrian eritrean
    ukrainian russian romanian bulgarian hungarian greek swedish danish norwegian finnish surinamese chinese
    """
)

LANGUAGES = _set(
    """
    nederlands engels duits frans spaans italiaans portugees pools turks arabisch russisch oekraïens roemeens
    bulgaars hongaars grieks zweeds deens noors fins chinees mandarijn hindi urdu farsi perzisch tigrinya somalisch
    papiaments sranan fries berbers tamazight koerdisch vietnamees thais japans koreaans indonesisch
    """
)

BELIEFS = _set(
    """
    katholiek rooms-katholiek rk protestant protestants gereformeerd hervormd pkn islam islamitisch moslim soennitisch
    sjiitisch joods hindoe hindoeïstisch boeddhistisch boeddhist christelijk evangelisch atheïst atheïstisch agnost
    geen humanistisch catholic muslim jewish hindu buddhist christian atheist agnostic orthodox none
    """
)

PARTIES = _set(
    """
    vvd d66 pvda cda groenlinks sp pvv cu christenunie volt bbb nsc ja21 fvd denk sgp pvdd 50plus bij1 blanco niet geen
    groenlinks-pvda gl-pvda gl gl/pvda n-va vlaams-belang vooruit cd&v groen spd cdu csu fdp afd labour tories
    conservative democrat democrats republican republicans socialist liberal
    """
)

UNIONS = _set("fnv cnv vcp unie avv ftm nautilus abvakabo acv abvv aclvb vakbond acod nvj npb acop nu'91 lsv geen")

AILMENTS = (
    "griep", "verkoud", "rugklacht", "hernia", "burn-out", "burnout", "overspan", "migraine", "hoofdpijn", "depressi",
    "diabet", "astma", "copd", "kanker", "tumor", "chemo", "hartklacht", "hartinfarct", "hartfalen", "beroerte",
    "epilepsie", "reuma", "artrose", "zwanger", "allergi", "intoleranti", "gebroken", "breuk", "botbreuk", "operatie",
    "ontsteking", "infectie", "longontsteking", "covid", "corona", "autisme", "adhd", "ptss", "angststoornis",
    "verslaving", "dement", "alzheimer", "parkinson", "anemie", "bloeddruk", "cholesterol", "eczeem", "psoriasis",
    "rsi", "schouderklacht", "knieklacht", "nekklacht", "whiplash", "maagklacht", "buikgriep", "darm", "nierst",
    "leverziekte", "hiv", "hepatitis", "bronchitis", "keelontsteking", "oorontsteking", "blindedarm", "stress",
    "flu", "back pain", "cancer", "asthma", "diabetes", "pregnan", "fracture", "surgery", "depression", "anxiety",
    "heart", "stroke", "arthritis", "hypertens", "infection", "ziek", "hooikoorts", "vermoeid", "duizel",
    "penicilline", "paracetamol", "ibuprofen", "metformine", "insuline", "antidepress", "salbutamol", "omeprazol",
)  # fmt: skip
"""How words for ailments and medicines begin, or what they contain."""
ALLERGENS = _set(
    "noten pinda pinda's gluten lactose schaaldieren soja sesam huisstofmijt pollen graspollen penicilline nikkel "
    "latex peanuts nuts shellfish dairy wheat koemelk glutenvrij lactosevrij"
)
NOT_ALONE = _set(
    "gebroken staar trauma gips zuurstof infuus handicap beperking ontsteking opgenomen besmet blind gehecht "
    "hechtingen afgekeurd somber reflux"
)
"""Words about health that mean other things too."""
