"""One page about one version, for whoever works with it: in Dutch, in one file, without anything to load.

The pictures hold no more than the release does: shares of rows per published label, in the source and in the release,
in whole per cents, of labels that enough persons have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2

from hoeder.anonymization.package import Version

_STEPS = {
    "exact": "zoals in de bron", "day": "op de dag", "week": "per week (ISO 8601)", "month": "per maand",
    "quarter": "per kwartaal", "year": "per jaar", "top-10": "de tien meest voorkomende waarden; de rest is "
    "<code>other</code>",
    "any": "weggelaten: overal <code>*</code>",
}  # fmt: skip
_ROLES = {"quasi": "kenmerk", "sensitive": "gevoelig", "number": "getal"}
_ATTACKS = {
    "singling-out": "iemand uitlichten",
    "linkability": "gegevens aan elkaar koppelen",
    "inference": "iets afleiden",
}
READERS = {"company": "de eigen organisatie", "client": "één opdrachtgever", "public": "iedereen"}


@dataclass(frozen=True)
class Shares:
    """Per label the share of rows in the source and in the release, in whole per cents; `before` is empty where the
    picture is made of what was published alone.
    """

    column: str
    labels: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


def page(version: Version, shares: Sequence[Shares]) -> str:
    """The datasheet as HTML."""
    release, measured = version.release, version.measured
    return _PAGE.render(
        title=release.description,
        release=release,
        version=version,
        measured=measured,
        reader=next(iter(release.clients), READERS[release.reader])
        if release.reader == "client"
        else READERS[release.reader],
        left_out=version.rows_in - version.rows_out,
        share=(version.rows_in - version.rows_out) / version.rows_in if version.rows_in else 0,
        columns=[
            (c, _ROLES.get(c.role, c.role), ", of ".join(_STEPS[step] for step in c.steps) or c.in_dutch)
            for c in version.columns
        ],
        risks=[(_ATTACKS[r.attack], r) for r in measured.risks],
        coarse=[c.name for c in version.columns if c.steps == ("any",)],
        picture=_picture(shares),
        compared=any(each.before for each in shares),
    )


def dutch(number: float, form: str = ",") -> str:
    """A number with points between thousands and a comma before decimals."""
    return format(number, form).translate(str.maketrans(",.", ".,"))


def _picture(shares: Sequence[Shares]) -> str:
    """Before and after, a small plot per column, as SVG."""
    if not shares:
        return ""
    import altair as alt
    import vl_convert

    plots = []
    for each in shares:
        rows: list[Mapping[str, Any]] = [
            {"waarde": label, "deel": value, "waarvan": of}
            for of, values in (("bron", each.before), ("vrijgave", each.after))
            if values
            for label, value in zip(each.labels, values, strict=True)
        ]
        plots.append(
            alt.Chart({"values": rows}, title=each.column, width=260, height=max(40, 15 * len(each.labels)))
            .mark_bar()
            .encode(
                x=alt.X("deel:Q", title="%", axis=alt.Axis(tickCount=4, tickMinStep=1)),
                y=alt.Y("waarde:N", title=None, sort=list(each.labels)),
                yOffset="waarvan:N",
                color=alt.Color(
                    "waarvan:N",
                    title=None,
                    scale=alt.Scale(domain=["bron", "vrijgave"], range=["#b8b8b8", "#1f5f8b"]),
                    legend=alt.Legend(orient="top") if each.before else None,
                ),
            )
        )
    drawn = str(vl_convert.vegalite_to_svg(alt.concat(*plots, columns=2).to_dict()))
    return drawn.replace("<svg ", '<svg role="img" aria-label="Deel van de rijen per waarde, per kolom" ', 1)


STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:58rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid
#ddd;vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap}.date{white-space:nowrap}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}code,pre{background:#f4f4f4;padding:.1rem
.3rem}pre{padding:.6rem;overflow-x:auto}.wide{overflow-x:auto}.warn{background:#fff6e0;padding:.6rem 1rem}
svg{max-width:100%;height:auto}"""

ENVIRONMENT = jinja2.Environment(autoescape=True)
ENVIRONMENT.filters["dutch"] = dutch
_PAGE = ENVIRONMENT.from_string(
    f"""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{{{ title }}}}</title><style>{STYLE}</style></head>
<body><main>
"""
    """<h1>{{ title }}</h1>
<p>{{ release.question }}</p>
<table>
<tr><th>Vrijgave<td>{{ release.release }}, versie {{ version.version }}
<tr><th>Bron<td>{{ version.source.name }}, bijgehouden om: {{ version.source.purpose }}
<tr><th>Oordeel<td>anoniem voor {{ reader }}, tot {{ version.expires_on.strftime('%d-%m-%Y') }}; daarna wordt deze
versie gewist
<tr><th>Verantwoordelijk<td>{{ release.owner }}
</table>
<h2>Lezen</h2>
<pre tabindex="0">pandas.read_parquet("data.parquet")
polars.read_parquet("data.parquet")
duckdb.sql("from 'data.parquet'")</pre>
<h2>Kolommen</h2>
<div class="wide"><table><tr><th>Kolom<th>Rol<th>Betekenis<th>Hoe grof, of wat er staat
{% for column, role, step in columns %}<tr><td><code>{{ column.name }}</code><td>{{ role }}<td>{{ column.means
}}<td>{{ step|safe }}
{% endfor %}</table></div>
<h2>Hoe veilig, en wat het kost</h2>
{% if release.publish == 'rows' %}
<p>Elke groep rijen die in alle kenmerken gelijk zijn hoort bij ten minste {{ release.k }} personen; de kleinste groep
heeft er
{{ measured.k_reached|dutch }}. Er zijn {{ measured.groups|dutch }} groepen. Van {{ version.rows_in|dutch }} rijen zijn
er {{ left_out|dutch }} weggelaten ({{ (100 * share)|dutch('.1f') }} %).
{% if release.recoding == 'local' %}Hercodering: lokaal. Elke groep is zo grof als zij zelf moet zijn; één kolom kan dus
fijne en grove waarden hebben naast elkaar. Deze vrijgave wordt één keer gemaakt.
{% else %}Hercodering: per hele kolom. Elke kolom is overal even grof, en blijft dat in volgende versies.{% endif %}
{% if measured.carried %}{{ measured.carried|dutch }} rijen staan er zoals in de vorige
versie, omdat er te weinig veranderde.{% endif %}</p>
{% elif release.publish == 'counts' %}
<p>Een cel met minder dan {{ release.k }} personen is leeg, en ook een som die van één of twee personen afhangt. Waar
een lege cel
uit het totaal te berekenen zou zijn, is er nog een leeg gemaakt: {{ version.figures.suppressedCells }} van {{
version.figures.cells }}
cellen. <code>all</code> is een totaal. Een lege cel is niet nul; een combinatie die ontbreekt is dat wel.</p>
{% else %}
<p>Elk aantal heeft toegevoegde ruis (discrete Laplace, schaal {{ version.figures.scale|dutch('g') }}): het wijkt
gemiddeld {{ version.figures.expectedError|dutch('.1f') }} af. Van ieder telt ten hoogste in
{{ version.figures.mostCells }} cellen iets mee. Epsilon van deze
versie is {{ version.figures.epsilon|dutch('g') }}; tot nu toe is {{ version.figures.budgetSpent|dutch('g') }} van
{{ version.figures.budget|dutch('g') }} gebruikt.</p>{% endif %}
{% if risks %}<p>Vóór publicatie is dit bestand aangevallen. Risico is hoe veel vaker een aanvaller over iemand in dit
bestand gelijk krijgt dan over iemand die er niet in staat: 0 is niet vaker, 1 altijd. Met 95 % zekerheid is het ten
hoogste wat in de laatste kolom staat; het beleid staat {{ release.max_risk|dutch('g') }} toe.</p>
<div class="wide"><table><tr><th>Aanval<th>Over<th class="n">Pogingen<th class="n">Risico<th class="n">Ten hoogste
{% for name, r in risks %}<tr><td>{{ name }}<td>{% if r.column %}<code>{{ r.column }}</code>{% endif %}<td class="n">{{
r.attempts|dutch }}<td class="n">{{ r.risk|dutch('.3f') }}<td class="n">{{ r.high|dutch('.3f') }}
{% endfor %}</table></div>{% endif %}
<h2>Wat het kan beantwoorden, en wat niet</h2>
<p>Bedoeld voor: {{ release.question }}
{% if coarse %}Niets over {{ coarse|join(', ') }}: in deze versie weggelaten, omdat groepen anders te klein waren.{%
endif %}
{% if release.publish != 'rows' %}Wie in meer cellen voorkomt, telt in elke cel: tel <code>persons</code> van cellen
niet bij elkaar op.{% endif %}
{% if release.publish == 'counts' %}Gebruik de totalen (<code>all</code>): lege cellen ontbreken anders in de som.{%
endif %}
{% if release.publish == 'rows' %}Er zit geen nummer van een persoon in: of twee rijen van dezelfde persoon zijn is
niet te zien, ook niet
tussen versies. Getallen zijn afgerond en uitschieters naar binnen gehaald: gebruik geen maximum of minimum.{% endif %}
{% if release.publish == 'noisy-counts' %}Kleine aantallen zijn vooral ruis: lees ze niet als feit.{% endif %}</p>
{% if picture and compared %}<h2>Vóór en na</h2><p>Deel van de rijen per waarde in de bron en in de vrijgave, in hele
procenten; ten hoogste twaalf waarden per kolom.</p>{{ picture|safe }}
{% elif picture %}<h2>In beeld</h2><p>Deel per waarde van wat in deze vrijgave staat, in hele procenten; ten hoogste
twaalf waarden per kolom.</p>{{ picture|safe }}{% endif %}
{% if release.publish != 'noisy-counts' %}
<h2>Let op</h2>
<p class="warn">k-anonimiteit beperkt wat één bestand prijsgeeft; zij is geen wiskundige garantie. De keuze hoe grof
iets wordt, kan zelf
iets over de gegevens zeggen (Cohen en Nissim 2020; Cohen 2022), en fijn geoptimaliseerde lokale hercodering nog meer
(Chhillar e.a. 2025).
{% if release.recoding == 'whole' %}Daarom zijn de stappen hier per kolom gelijk en tussen versies
bevroren{% else %}Deze vrijgave is lokaal gehercodeerd: daarom wordt zij één keer gemaakt{% endif %}, en telt voor
openbare lezers differentiële privacy.
Leg dit bestand niet naast andere gegevens over dezelfde personen zonder het aan de functionaris te vragen.</p>{%
endif %}
</main></body></html>
"""
)
