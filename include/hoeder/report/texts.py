"""The report's words, each in Dutch and English. Placeholders are explained in `words.Words`."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- general ---
    "title": ("Privacyrapportage", "Privacy report"),
    "subtitle": ("Stand op {at}", "As at {at}"),
    "basis": (
        "Verklaring van {statement}. Alle cijfers komen uit de governance-database; achter elk cijfer staat waar het "
        "is terug te vinden.",
        "Statement of {statement}. All figures come from the governance database; each says where it can be found.",
    ),
    "page": ("Pagina", "Page"),
    "of": ("van", "of"),
    "contents": ("Inhoud", "Contents"),
    "skip": ("Naar de inhoud", "Skip to the content"),
    "and": ("en", "and"),
    "others": ("{n:andere|andere}", "{n:other|others}"),
    "ledger": ("register", "ledger"),
    "scan": ("scan", "scan"),
    "plan": ("plan", "plan"),
    "hold": ("blokkade", "hold"),
    "policy": ("beleid", "policy"),
    "unit.day": ("{n:dag|dagen}", "{n:day|days}"),
    "unit.week": ("{n:week|weken}", "{n:week|weeks}"),
    "unit.month": ("{n:maand|maanden}", "{n:month|months}"),
    "unit.year": ("{n:jaar|jaar}", "{n:year|years}"),
    "term": ("{length} na {anchor}", "{length} after {anchor}"),
    "term.year": ("{length} na het kalenderjaar van {anchor}", "{length} after the calendar year of {anchor}"),
    # --- page one ---
    "lead.quiet": (
        "Er is niets dat nu een actie of besluit vraagt.",
        "Nothing needs action or a decision now.",
    ),
    "lead.urgent": ("{n:punt vraagt|punten vragen} nu actie", "{n:point needs|points need} action now"),
    "lead.decide": ("{n:punt vraagt|punten vragen} een besluit", "{n:point needs|points need} a decision"),
    "lead.scanned": (
        "gescand: {scanned} van de {stores:bron|bronnen}",
        "{scanned} of {stores:store|stores} scanned",
    ),
    "lead.none": ("nog geen enkele bron is gescand", "no store has been scanned yet"),
    "tiles": ("De cijfers in het kort", "The figures in brief"),
    "tile.personal": ("Persoonsgegevens in", "Personal data in"),
    "tile.undeclared": ("Niet in het beleid", "Not in policy"),
    "tile.due": ("Te wissen", "Due for erasure"),
    "tile.erased": ("Gewist", "Erased"),
    "tile.held": ("Geblokkeerd", "Held"),
    "tile.anchor": ("Zonder begindatum", "Without start date"),
    "tile.releases": ("Datasets vrijgegeven", "Datasets released"),
    "tile.k": ("Kleinste groep (k)", "Smallest group (k)"),
    "n.columns": ("{n:~kolom|kolommen}", "{n:~column|columns}"),
    "n.records": ("{n:~record|records}", "{n:~record|records}"),
    "n.persons": ("{n:~persoon|personen}", "{n:~person|persons}"),
    "n.of": ("van {n}", "of {n}"),
    "tile.unscanned": ("nog niet gescand", "not scanned yet"),
    "tile.unplanned": ("nog geen plan", "no plan yet"),
    "tile.since": ("sinds {day}", "since {day}"),
    "tile.unexecuted": ("niets uitgevoerd sinds {day}", "nothing executed since {day}"),
    "tile.unreleased": ("nog niets vrijgegeven", "nothing released yet"),
    "tile.noreleases": ("geen in het beleid", "none in policy"),
    "tile.required": ("vereist: {k}", "required: {k}"),
    "tile.partly": ("{n:regel|regels} niet nageteld", "{n:rule|rules} not recounted"),
    "attention": ("Dit vraagt actie of een besluit", "This needs action or a decision"),
    "attention.none": ("Niets op dit moment.", "Nothing at this moment."),
    "watch": ("In het oog houden", "Keep an eye on"),
    "severity.urgent": ("Actie", "Action"),
    "severity.decide": ("Besluit", "Decision"),
    "severity.watch": ("Volgen", "Watch"),
    # --- attention ---
    "at.never_scanned": (
        "{n:bron is|bronnen zijn} nog nooit gescand: {names}. Wat daarin staat, is onbekend.",
        "{n:store has|stores have} never been scanned: {names}. What they hold is unknown.",
    ),
    "at.scan_failed": (
        "De laatste scan is mislukt bij {n:bron|bronnen}: {names}. De cijfers daarvan zijn ouder of ontbreken.",
        "The last scan failed for {n:store|stores}: {names}. Their figures are older or missing.",
    ),
    "at.scan_partial": (
        "De laatste scan kon niet alles lezen bij {n:bron|bronnen}: {names}. Wat daar niet gelezen is, telt niet mee.",
        "The last scan could not read everything in {n:store|stores}: {names}. What was not read is not counted.",
    ),
    "at.scan_old": (
        "De laatste geslaagde scan is meer dan {days:dag|dagen} oud bij {n:bron|bronnen}: {names}.",
        "The last finished scan is more than {days:day|days} old for {n:store|stores}: {names}.",
    ),
    "at.undeclared": (
        "{n:kolom bevat|kolommen bevatten} persoonsgegevens die niet in het beleid staan, in {names}. Neem ze op, "
        "of verwijder de gegevens.",
        "{n:column holds|columns hold} personal data that policy does not mention, in {names}. Declare them, or "
        "remove the data.",
    ),
    "at.misplaced": (
        "{n:kolom bevat|kolommen bevatten} burgerservicenummers waar die niet horen, in {names}.",
        "{n:column holds|columns hold} citizen service numbers where none belong, in {names}.",
    ),
    "at.unclassified": (
        "{n:kolom is|kolommen zijn} nog niet ingedeeld en {n:~wordt|worden} daarom niet vrijgegeven, in {names}.",
        "{n:column is|columns are} not classified yet, and therefore not released, in {names}.",
    ),
    "at.uncovered": (
        "{n:verzameling|verzamelingen} met persoonsgegevens {n:~heeft|hebben} geen bewaartermijn: {names}.",
        "{n:collection|collections} of personal data {n:~has|have} no retention term: {names}.",
    ),
    "at.no_plan": (
        "Er is nog geen bewaarplan gemaakt. Hoeveel records over hun termijn heen zijn, is onbekend.",
        "No retention plan has been made yet. How many records are past their term is unknown.",
    ),
    "at.no_plan_due": (
        "Er is nog geen bewaarplan gemaakt. Bij de laatste scans waren {n:record|records} over hun termijn heen.",
        "No retention plan has been made yet. At the last scans {n:record was|records were} past their term.",
    ),
    "at.awaiting": (
        "Het bewaarplan van {day} wacht op een besluit: {due:record|records} te wissen volgens {rules:regel|regels}.",
        "The retention plan of {day} awaits a decision: {due:record|records} to erase under {rules:rule|rules}.",
    ),
    "at.rejected": (
        "Het bewaarplan van {day} is afgewezen: {due:record blijft|records blijven} staan na het einde van de termijn.",
        "The retention plan of {day} was rejected: {due:record stays|records stay} past the end of the term.",
    ),
    "at.unauthorised": (
        "Over het bewaarplan is besloten met een account dat volgens het beleid niet mag besluiten.",
        "The retention plan was answered by an account that may not decide according to policy.",
    ),
    "at.other_digest": (
        "Het besluit over het bewaarplan noemt een ander plan dan het vastgelegde.",
        "The decision on the retention plan names another plan than the stored one.",
    ),
    "at.not_executed": (
        "{n:regel is|regels zijn} goedgekeurd en nog niet uitgevoerd: {due:record|records} ({names}).",
        "{n:rule is|rules are} approved and not executed yet: {due:record|records} ({names}).",
    ),
    "at.problem": (
        "{n:regel kon|regels konden} niet worden gepland: {names}. Daar wordt niets gewist.",
        "{n:rule|rules} could not be planned: {names}. Nothing is erased there.",
    ),
    "at.erase_failed": (
        "Het wissen is de laatste keer niet goed afgelopen bij {n:regel|regels}: {names}.",
        "Erasure did not end well the last time for {n:rule|rules}: {names}.",
    ),
    "at.remaining": (
        "{n:record|records} {n:~staat|staan} er na het wissen nog, bij {names}.",
        "{n:record is|records are} still there after erasure, under {names}.",
    ),
    "at.anchor": (
        "{n:record heeft|records hebben} geen begindatum ({names}). Zonder die datum is niet te zeggen wanneer de "
        "bewaartermijn eindigt: herstel de datum of beslis per geval.",
        "{n:record has|records have} no start date ({names}). Without it nobody can say when the term ends: repair "
        "the date or decide case by case.",
    ),
    "at.hold_overdue": (
        "{n:blokkade had|blokkades hadden} al herzien moeten zijn: {names}.",
        "{n:hold|holds} should have been reviewed already: {names}.",
    ),
    "at.hold_soon": (
        "{n:blokkade moet|blokkades moeten} binnen {days:dag|dagen} worden herzien: {names}.",
        "{n:hold|holds} must be reviewed within {days:day|days}: {names}.",
    ),
    "at.release_refused": (
        "{n:dataset is|datasets zijn} tegengehouden, omdat de anonimisering niet voldeed: {names}.",
        "{n:dataset was|datasets were} held back because anonymization did not suffice: {names}.",
    ),
    "at.release_failed": (
        "Het maken van {n:dataset|datasets} is mislukt: {names}.",
        "Making {n:dataset|datasets} failed: {names}.",
    ),
    "at.never_released": (
        "{n:dataset|datasets} uit het beleid {n:~is|zijn} nog nooit gemaakt: {names}.",
        "{n:dataset|datasets} of policy {n:~has|have} never been made: {names}.",
    ),
    "at.unfinished": (
        "{n:handeling heeft|handelingen hebben} na {hours:uur|uur} nog geen uitkomst: {names}.",
        "{n:act has|acts have} no outcome after {hours:hour|hours}: {names}.",
    ),
    "at.policy_changed": (
        "Het beleid is gewijzigd sinds het bewaarplan van {day}; dat plan volgt nog de vorige versie.",
        "Policy has changed since the retention plan of {day}; that plan still follows the previous version.",
    ),
    "at.uncertain": (
        "{n:bewaartermijn rust|bewaartermijnen rusten} op een eigen keuze of een onzekere bron: {names}.",
        "{n:retention term rests|retention terms rest} on an own choice or an uncertain source: {names}.",
    ),
    "at.not_found": (
        "{n:kolom of tabel|kolommen of tabellen} uit het beleid {n:~bestaat|bestaan} niet in de bron: {names}.",
        "{n:column or table|columns or tables} of policy {n:~does|do} not exist in the store: {names}.",
    ),
    # --- retention ---
    "retention": ("Bewaren en vernietigen", "Retention and destruction"),
    "retention.none": (
        "Er is nog geen bewaarplan. Welke records over hun termijn heen zijn, is dus niet bekend. Hieronder staan de "
        "regels die gelden.",
        "There is no retention plan yet, so it is not known which records are past their term. The rules in force "
        "are listed below.",
    ),
    "retention.none.seen": (
        "Er is nog geen bewaarplan. Bij de laatste scans waren {n:record|records} over hun termijn heen; blokkades "
        "tellen daarin nog niet mee. Hieronder staan de regels die gelden.",
        "There is no retention plan yet. At the last scans {n:record was|records were} past their term, holds not "
        "yet considered. The rules in force are listed below.",
    ),
    "retention.intro": (
        "Het laatste plan telt {due:record|records} waarvan de bewaartermijn voorbij is. Daarnaast "
        "{held:~is|zijn} {held} geblokkeerd en {anchor:~heeft|hebben} {anchor:record|records} geen begindatum.",
        "The latest plan counts {due:record|records} past the retention term. Besides, {held} {held:~is|are} held and "
        "{anchor:record has|records have} no start date.",
    ),
    "retention.period": (
        "Van {since} tot {at} {n:~is|zijn} volgens het register {n:record|records} gewist, over alle plannen samen.",
        "From {since} to {at} the ledger counts {n:record|records} erased, over all plans together.",
    ),
    "retention.period.none": (
        "Van {since} tot {at} is volgens het register onder geen enkel plan iets gewist of geteld.",
        "From {since} to {at} the ledger has nothing erased or counted under any plan.",
    ),
    "fact.plan": ("Plan", "Plan"),
    "fact.plan.value": ("gemaakt op {made_at}, naar de stand van {as_of}", "made on {made_at}, as of {as_of}"),
    "fact.decision": ("Besluit", "Decision"),
    "decision.approved": ("goedgekeurd door de {function} op {at}", "approved by the {function} on {at}"),
    "decision.rejected": ("afgewezen door de {function} op {at}", "rejected by the {function} on {at}"),
    "decision.none": ("nog niet genomen", "not taken yet"),
    "decision.unknown": ("functie die volgens het beleid niet mag besluiten", "function that may not decide by policy"),
    "fact.plan.digest": ("Kenmerk van het plan", "Digest of the plan"),
    "chart.retention": (
        "Wat er per regel met de records gebeurde",
        "What happened to the records, rule by rule",
    ),
    "chart.retention.note": (
        "Aandeel per regel; het getal rechts is het totaal in records. Alleen regels waar iets speelt.",
        "Share per rule; the number on the right is the total in records. Only rules with something to show.",
    ),
    "chart.retention.line": (
        "{rule}: {erased} gewist, {held} geblokkeerd, {anchor} zonder begindatum, "
        "{uncounted} niet nageteld, {remaining} over",
        "{rule}: {erased} erased, {held} held, {anchor} without start date, "
        "{uncounted} not recounted, {remaining} remaining",
    ),
    "chart.erased": ("gewist", "erased"),
    "chart.held": ("geblokkeerd", "held"),
    "chart.anchor": ("zonder begindatum", "without start date"),
    "chart.remaining": ("nog aanwezig", "still there"),
    "chart.uncounted": ("niet nageteld", "not recounted"),
    "table.execution": (
        "Uitvoering van het laatste plan per regel, in records",
        "Execution of the latest plan, in records",
    ),
    "table.erasures": (
        "Gewist sinds {since}, over alle plannen, in records",
        "Erased since {since}, over all plans, in records",
    ),
    "table.rules": ("Bewaarregels en hun grondslag", "Retention rules and their basis"),
    "col.rule": ("Regel", "Rule"),
    "col.due": ("Te wissen", "Due"),
    "col.held": ("Geblok\u00adkeerd", "Held"),
    "col.anchor": ("Zonder datum", "No date"),
    "col.erased": ("Gewist", "Erased"),
    "col.remaining": ("Over", "Left"),
    "col.outcome": ("Uitkomst", "Outcome"),
    "col.lastoutcome": ("Laatste uitkomst", "Last outcome"),
    "cell.before": ("niet uitgevoerd na {since}", "not executed after {since}"),
    "col.term": ("Termijn", "Term"),
    "col.basis": ("Grondslag", "Basis"),
    "col.type": ("Soort", "Type"),
    "col.certainty": ("Zekerheid", "Certainty"),
    "cell.oldest": ("oudste {day}", "oldest {day}"),
    "cell.gone": ("{n} al weg", "{n} gone before"),
    "cell.since": ("{n} sinds het plan", "{n} since the plan"),
    "notplanned": (
        "{n:regel staat|regels staan} niet in het plan en {n:~ontbreekt|ontbreken} in deze tabel: {names}.",
        "{n:rule is|rules are} not in the plan and missing from this table: {names}.",
    ),
    "problems": ("Waarom regels niet gepland konden worden", "Why rules could not be planned"),
    "uncovered": (
        "Zonder bewaartermijn in het beleid: {names}.",
        "Without a retention term in policy: {names}.",
    ),
    "col.problem": ("Reden", "Reason"),
    "step.unplanned": ("niet gepland", "not planned"),
    "step.problem": ("niet te plannen", "could not be planned"),
    "step.nothing": ("niets te wissen", "nothing to erase"),
    "step.awaiting": ("wacht op besluit", "awaits decision"),
    "step.rejected": ("plan afgewezen", "plan rejected"),
    "step.approved": ("nog niet uitgevoerd", "not executed yet"),
    "step.unfinished": ("geen uitkomst", "no outcome"),
    "type.FLOOR": ("wettelijk minimum", "statutory minimum"),
    "type.CEILING": ("wettelijk maximum", "statutory maximum"),
    "type.FIXED": ("wettelijk vast", "fixed by law"),
    "type.NORM": ("norm", "norm"),
    "type.OWN": ("eigen keuze", "own choice"),
    "certainty.H": ("hoog", "high"),
    "certainty.M": ("midden", "medium"),
    "certainty.L": ("laag", "low"),
    # --- outcomes ---
    "outcome.done": ("uitgevoerd", "done"),
    "outcome.nothing": ("niets te doen", "nothing to do"),
    "outcome.partial": ("deels uitgevoerd", "partly done"),
    "outcome.failed": ("mislukt", "failed"),
    "outcome.refused": ("tegengehouden", "refused"),
    "outcome.rejected": ("afgewezen", "rejected"),
    "outcome.unreachable": ("niet bereikbaar", "unreachable"),
    "outcome.missing": ("niet aanwezig", "missing"),
    # --- holds ---
    "holds": ("Juridische blokkades", "Legal holds"),
    "holds.intro": (
        "Zolang een blokkade (legal hold) geldt, wordt er van de betrokken personen niets gewist.",
        "As long as a legal hold is in force, nothing of the persons concerned is erased.",
    ),
    "holds.none": ("Er gelden op dit moment geen blokkades.", "No holds are in force at this moment."),
    "table.holds": ("Geldende blokkades", "Holds in force"),
    "col.matter": ("Zaak", "Matter"),
    "col.ground": ("Grond", "Ground"),
    "col.subjects": ("Personen", "Persons"),
    "col.placed": ("Sinds", "Since"),
    "col.review": ("Herzien voor", "Review by"),
    "col.state": ("Stand", "State"),
    "hold.overdue": ("{n:dag|dagen} te laat", "{n:day|days} overdue"),
    "hold.ok": ("op tijd", "in time"),
    "ground.claim": ("vordering", "claim"),
    "ground.investigation": ("onderzoek", "investigation"),
    "ground.criminal-order": ("strafvorderlijk bevel", "criminal order"),
    "ground.tax-audit": ("belastingcontrole", "tax audit"),
    "ground.subject-request": ("verzoek van betrokkene", "request of a data subject"),
    "ground.employment-conflict": ("arbeidsconflict", "employment conflict"),
    # --- inventory ---
    "inventory": ("Inventarisatie en bevindingen", "Inventory and findings"),
    "inventory.none": (
        "Er is nog geen bron met succes gescand. Wat de bronnen bevatten, is dus niet bekend.",
        "No store has been scanned successfully yet, so it is not known what the stores hold.",
    ),
    "inventory.intro": (
        "{personal:kolom|kolommen} in {scanned:bron|bronnen} {personal:~bevat|bevatten} persoonsgegevens; het beleid "
        "noemt er {declared}. Op {n:punt|punten} verschillen beleid en werkelijkheid.",
        "{personal:column|columns} in {scanned:store|stores} {personal:~holds|hold} personal data; policy names "
        "{declared} of them. Policy and reality differ on {n:point|points}.",
    ),
    "chart.inventory": (
        "Kolommen met persoonsgegevens, per bron",
        "Columns with personal data, by store",
    ),
    "chart.inventory.note": (
        "Aantal kolommen in de laatste geslaagde scan van elke bron.",
        "Number of columns in the last finished scan of each store.",
    ),
    "chart.inventory.line": (
        "{store}: {agreed} zoals in het beleid, {undeclared} niet in het beleid, {misplaced} met een misplaatst BSN",
        "{store}: {agreed} as in policy, {undeclared} not in policy, {misplaced} with a misplaced BSN",
    ),
    "chart.inventory.unscanned": ("{store}: niet gescand", "{store}: not scanned"),
    "chart.agreed": ("zoals in het beleid", "as in policy"),
    "chart.misplaced": ("misplaatst BSN", "misplaced BSN"),
    "chart.undeclared": ("niet in het beleid", "not in policy"),
    "chart.unscanned": ("niet gescand", "not scanned"),
    "table.stores": ("Bronnen en hun laatste scan", "Stores and their last scan"),
    "table.findings": ("Persoonsgegevens waar het beleid ze niet kent", "Personal data where policy has none"),
    "table.groups": ("Overige afwijkingen, per tabel", "Other differences, by table"),
    "col.store": ("Bron", "Store"),
    "col.role": ("Rol", "Role"),
    "col.rows": ("Records", "Records"),
    "col.declared": ("In beleid", "In policy"),
    "col.personal": ("Kolom\u00admen", "Columns"),
    "whole": ("hele tabel", "whole table"),
    "col.open": ("Verschil", "Differs"),
    "col.scan": ("Laatste scan", "Last scan"),
    "col.column": ("Kolom", "Column"),
    "col.columns": ("Kolommen", "Columns"),
    "col.verdict": ("Bevinding", "Finding"),
    "col.category": ("Soort gegeven", "Category"),
    "col.evidence": ("Aanwijzing", "Evidence"),
    "col.table": ("Tabel", "Table"),
    "role.controller": ("verantwoordelijke", "controller"),
    "role.processor": ("verwerker", "processor"),
    "role.employer": ("werkgever", "employer"),
    "verdict.undeclared": ("niet in het beleid", "not in policy"),
    "verdict.misplaced": ("misplaatst burgerservicenummer", "misplaced citizen service number"),
    "verdict.unclassified": ("niet ingedeeld", "not classified"),
    "verdict.not-found": ("in het beleid, bestaat niet", "in policy, does not exist"),
    "cell.declared": ("beleid: {category}", "policy: {category}"),
    "cell.age": ("{n:dag|dagen} oud", "{n:day|days} old"),
    "cell.today": ("van vandaag", "today"),
    "cell.scan": ("scan {scan}", "scan {scan}"),
    "cell.never": ("nog niet gescand", "not scanned yet"),
    "cell.failed": ("laatste poging: {outcome}", "last attempt: {outcome}"),
    "cell.running": ("laatste poging: geen uitkomst", "last attempt: no outcome"),
    "more": (
        "Nog {n:rij staat|rijen staan} alleen in het cijferbestand.",
        "Another {n:row is|rows are} in the figures file only.",
    ),
    # --- releases ---
    "releases": ("Anonimisering", "Anonymization"),
    "releases.none": ("Het beleid kent geen vrij te geven datasets.", "Policy has no datasets to release."),
    "releases.intro": (
        "Een dataset gaat alleen naar analisten als elke groep van gelijke personen minstens k personen telt. Haalt "
        "een dataset dat niet, dan wordt niets vrijgegeven.",
        "A dataset reaches analysts only if every group of like persons counts at least k persons. If it does not, "
        "nothing is released.",
    ),
    "table.releases": ("Datasets en hun laatste poging", "Datasets and their last attempt"),
    "table.questions": ("Waarvoor de datasets dienen", "What the datasets are for"),
    "col.release": ("Dataset", "Dataset"),
    "col.in": ("Rijen in", "Rows in"),
    "col.out": ("Rijen uit", "Rows out"),
    "col.suppressed": ("Weg\u00adgelaten", "Left out"),
    "col.groups": ("Groepen", "Groups"),
    "col.k": ("k bereikt", "k reached"),
    "cell.k": ("vereist {k}", "required {k}"),
    "cell.most": ("hoogstens {share}", "at most {share}"),
    "col.question": ("Vraag van de analisten", "The analysts' question"),
    "col.digest": ("Gepubliceerd bestand (SHA-256)", "Published file (SHA-256)"),
    "release.never": ("nog niet gemaakt", "not made yet"),
    "release.unfinished": ("geen uitkomst", "no outcome"),
    "release.done": ("vrijgegeven", "released"),
    "release.refused": ("tegengehouden, niets vrijgegeven", "refused, nothing released"),
    "release.unpublished": ("nog niet vrijgegeven", "not released yet"),
    "release.earlier": ("vrijgegeven op {day}", "released on {day}"),
    # --- evidence ---
    "evidence": ("Bewijs", "Evidence"),
    "evidence.none": ("Het bewijsregister is nog leeg.", "The ledger is still empty."),
    "evidence.intro": (
        "Elke handeling staat in het bewijsregister: vooraf wat de bedoeling was, achteraf hoe het afliep. Regels "
        "kunnen alleen worden toegevoegd.",
        "Every act is in the ledger: beforehand what was intended, afterwards how it ended. Lines can only be added.",
    ),
    "table.ledger": ("Register per onderdeel", "Ledger by capability"),
    "table.unfinished": ("Handelingen zonder uitkomst", "Acts without an outcome"),
    "col.capability": ("Onderdeel", "Capability"),
    "col.positions": ("Posities", "Positions"),
    "col.intents": ("Voornemens", "Intents"),
    "col.outcomes": ("Uitkomsten", "Outcomes"),
    "col.first": ("Eerste regel", "First line"),
    "col.last": ("Laatste regel", "Last line"),
    "col.position": ("Positie", "Position"),
    "col.act": ("Handeling", "Act"),
    "col.object": ("Betreft", "Concerns"),
    "col.since": ("Begonnen", "Begun"),
    "fact.policy": ("Kenmerk van het beleid", "Digest of policy"),
    "capability.inventory": ("inventarisatie", "inventory"),
    "capability.retention": ("bewaren en vernietigen", "retention"),
    "capability.anonymization": ("anonimisering", "anonymization"),
    "capability.audit_report": ("rapportage", "audit report"),
    # --- method ---
    "method": ("Verantwoording", "Method"),
    "method.sources": (
        "Alle cijfers zijn op één moment gelezen uit de governance-database: {at}. Van elke bron telt alleen de "
        "laatste geslaagde scan. Wat nog te wissen is, komt uit het laatste plan; wat gewist is, uit alle plannen "
        "sinds het vorige rapport in deze taal, of van de laatste 31 dagen als dat er niet is. Een register- of "
        "scannummer bij een cijfer wijst de regels aan waarop het rust.",
        "All figures were read from the governance database at one moment: {at}. Only the last finished scan of each "
        "store counts. What is still to be erased comes from the latest plan; what was erased, from all plans since "
        "the previous report in this language, or of the last 31 days where there is none. A ledger or scan number "
        "beside a figure names the lines it rests on.",
    ),
    "method.unknown": (
        "Een streepje of ‘onbekend’ betekent dat er niet geteld is. Een nul is altijd geteld.",
        "A dash or ‘unknown’ means that nobody has counted. A zero has always been counted.",
    ),
    "method.records": (
        "Een record is een rij in een tabel of een bestand in een opslag. ‘Over’ is opnieuw geteld na het wissen.",
        "A record is a row of a table or a file in a store. ‘Left’ was counted again after erasure.",
    ),
    "method.old": (
        "Een scan heet oud na {scan_days:dag|dagen}; een handeling zonder uitkomst is na {hours:uur|uur} een "
        "aandachtspunt; een blokkade {hold_days:dag|dagen} voor haar herziening.",
        "A scan is called old after {scan_days:day|days}; an act without outcome becomes a point after "
        "{hours:hour|hours}; a hold {hold_days:day|days} before its review.",
    ),
    "method.later": (
        "{n:registerregel is|registerregels zijn} na dit moment geschreven en {n:~telt|tellen} hier niet mee.",
        "{n:ledger line was|ledger lines were} written after this moment and {n:~is|are} not counted here.",
    ),
    "method.gaps": (
        "Dit rapport zegt niets over back-ups, verzoeken van betrokkenen, datalekken, verstrekkingen, toegangsrechten "
        "en verwerkers: daarvan zijn hier geen gegevens. De inventarisatie herkent gegevens aan vorm en naam; wat zij "
        "niet ziet, kan er toch zijn.",
        "This report says nothing about backups, data subjects’ requests, breaches, disclosures, access rights and "
        "processors: there are no data on them here. The inventory recognises data by form and name; what it does not "
        "see may be there all the same.",
    ),
    "method.opinion": (
        "Dit zijn cijfers, geen oordeel. Het oordeel is aan de functionaris voor gegevensbescherming.",
        "These are figures, not an opinion. The opinion is the data protection officer’s.",
    ),
}
