"""Rows that break one check each, and neighbours that do not: the data of test_checks.

A line is ``table/key column=text ...``; a word in capitals stands for the cells it names below;
a star marks a row that the check must find, and it must find no other.
"""

from __future__ import annotations

WORDS = {
    "MINE": "stage=mine material=rare-earths series=bgs kind=reported",
    "REO": "MINE unit=t basis=reo",
    "SHARE": "MINE unit=percent basis=share-of-world-mine",
    "NINETY": "year=2001 percent=90 SHARE",
    "SOLD": "exporter=CHN importer=USA year=2001 kind=quantity FLOW",
    "ALIKE": "stage=mine year=2001 series=eu-crm-2023 unit=percent source=baci-2026",
    "ASSAY": "deposit=bayan-obo unit=percent basis=share-of-reo",
    "PLANT": "facility=mountain-pass stage=separation material=ndpr-oxide kind=nameplate",
    "BOUGHT": "importer=EUE year=2001 kind=share-percent source=baci-2026",
    "FLOW": "code=hs2022-284690",
    "PRICE": "material=dysprosium-oxide date=2024",
    "HELD": "owned=mountain-pass status=stated",
    "SHARED": "owned=mt-weld status=stated",
    "AIMED": "kind=target-country table=countries targets=USA SCOPE",
    "SCOPE": "policy=mofcom-gac-2025-18 text=it",
    "LINK": "material=ndpr-oxide kind=shipment",
    "READ": "publisher=X title=Y kind=news tier=3",
    "AGAIN": "measure=share table=production printed=here element=treo tolerance=1",
    "ASKED": "rule=mofcom-18 policy=mofcom-gac-2025-18 role=covers layer=text test=unread IS",
    "IS": "comparison=is words=it",
    "LIMITED": "RULED test=value-share",
    "RULED": "rule=mofcom-61 policy=mofcom-2025-61 role=covers layer=text comparison=is words=it",
    "JUDGED": "statement=said relation=supports source=monazite-compilation",
}

PLANTED: dict[str, str] = {
    "assay-above-hundred": """
* assays/a1             element=Ce percent=60   source=baci-2026 ASSAY
* assays/a2             element=La percent=41.5 source=baci-2026 ASSAY
  assays/other-source   element=Ce percent=60   source=wmd-2026 ASSAY
  assays/same-source    element=La percent=41   source=wmd-2026 ASSAY
  assays/second-row     element=La percent=45   source=wmd-2026 ASSAY
  assays/group          element=treo percent=99 source=wmd-2026 ASSAY
  assays/other-basis    element=Nd percent=50   source=wmd-2026 ASSAY basis=grade-of-ore
""",
    "bound-as-number": """
* production/over        country=CHN NINETY value_as_printed=over-90
* production/upto        country=USA NINETY basis_as_printed=up-to-90
* production/most        country=JPN NINETY value_as_printed=at-most-90
* production/sign        country=KOR NINETY value_as_printed=≤90
* supply_links/upto      supplier=mt-weld customer=lynas LINK percent=65 value_as_printed=up-to-65
  supply_links/years     supplier=mt-weld customer=lynas LINK value=9 unit_detail=over-5-years
  supply_links/end       supplier=mt-weld customer=lynas LINK percent_high=65 unit_detail=up-to
* trade/note             value=1500 note=nearly-1,500-t SOLD
* production/marked      country=IND NINETY value_as_printed=over-90 figure_kind=lower-bound
  production/bound country=MMR year=2001 percent_low=90 SHARE note=over-90 figure_kind=lower-bound
  production/end         country=AUS year=2001 percent_low=90 SHARE value_as_printed=over-90
  production/word        country=VNM NINETY note=overall
  production/other       country=THA NINETY note=over-25-firms
* assays/over            deposit=bayan-obo element=Ce percent=50 ASSAY note=over-50-%
* capacity/least         value=5000 unit=t-per-year PLANT note=at-least-5,000-t
* demand/nearly          sector=wind year=2001 kind=share-percent percent=18 note=nearly-18-%
* yields/below           process=flotation input=ore output=concentrate percent=60 note=below-60-%
  capacity/life          value=5000 unit=t PLANT material_as_printed=oxides-over-life
  prices/purity          value=1.5 PRICE material_as_printed=99.5%,-minimum
* prices/over            value=1.5 PRICE value_as_printed=over-1.5
""",
    "capacity-unit": """
* capacity/price        value=1 unit=usd-per-kg PLANT
* capacity/no-unit      value_low=1 PLANT
  capacity/per-year     value=1 unit=t-per-year PLANT
  capacity/mass         value=1 unit=kt PLANT
  organisation_capacity/share organisation=lynas percent=10 unit=percent
""",
    "closed-before-opened": """
* facility_events/wrong    facility=mountain-pass event=closed date=1990
  facility_events/w1       facility=mountain-pass event=opened date=1991-01
  facility_events/perhaps  facility=bayan-obo event=closed date=1990
  facility_events/p1       facility=bayan-obo event=opened date=1990-06
  facility_events/reopened facility=mt-weld event=closed date=1990
  facility_events/r1       facility=mt-weld event=commissioned date=1980
  facility_events/r2       facility=mt-weld event=opened date=1995
  facility_events/restart  facility=lynas-malaysia-kuantan event=closed date=1990
  facility_events/s1       facility=lynas-malaysia-kuantan event=restarted date=1994
  facility_events/s2       facility=lynas-malaysia-kuantan event=opened date=1995
""",
    "country-above-world": """
  production_totals/world  area=WLD year=2001 value=100 REO
* production/above         country=CHN year=2001 value=101 REO
  production/equal         country=USA year=2001 value=100 REO
  production/other-year    country=CHN year=2002 value=101 REO
  production/other-basis   country=CHN year=2001 value=101 REO basis=gross-weight
  production/other-unit    country=CHN year=2001 value=101 REO unit=kt
""",
    "elements-share-alike": """
* production/dy-chn      country=CHN material=dysprosium percent=80 ALIKE
* production/dy-mmr      country=MMR material=dysprosium percent=20 ALIKE
  production/tb-chn      country=CHN material=terbium percent=80 figure_kind=proxy ALIKE
  production/tb-mmr      country=MMR material=terbium percent=20 figure_kind=proxy ALIKE
* production/yb          country=CHN material=ytterbium percent=100 ALIKE
* production/lu          country=CHN material=lutetium percent=100 ALIKE
  production/nd-chn      country=CHN material=neodymium percent=80 ALIKE
  production/nd-mmr      country=MMR material=neodymium percent=19 ALIKE
  production/pr          country=CHN material=praseodymium percent=100 ALIKE stage=separation
  production/both        country=CHN material=dysprosium;terbium percent=80 ALIKE stage=separation
  production/la          country=CHN material=lanthanum percent=80 ALIKE source=wmd-2026
  production/ce          country=CHN material=cerium percent=80 ALIKE source=wmd-2026
""",
    "elements-supplied-alike": """
* trade_totals/la-chn    exporter=CHN description=La,sourcing percent=80 BOUGHT
* trade_totals/la-mmr    exporter=MMR description=La,sourcing percent=20 BOUGHT
  trade_totals/nd-chn    exporter=CHN description=Nd,sourcing percent=80 figure_kind=proxy BOUGHT
  trade_totals/nd-mmr    exporter=MMR description=Nd,sourcing percent=20 figure_kind=proxy BOUGHT
  trade_totals/sc-chn    exporter=CHN description=Sc,sourcing percent=80 BOUGHT
  trade_totals/pr-chn    exporter=CHN description=Pr,processing percent=80 BOUGHT
  trade_totals/pr-mmr    exporter=MMR description=Pr,processing percent=20 BOUGHT
  trade_totals/y-chn     exporter=CHN description=Y,sourcing percent=80 BOUGHT source=wmd-2026
  trade_totals/y-mmr     exporter=MMR description=Y,sourcing percent=20 BOUGHT source=wmd-2026
""",
    "effective-before-announced": """
* policy_events/wrong    policy=mofcom-gac-2025-18 event=effective date=2025-01
  policy_events/w1       policy=mofcom-gac-2025-18 event=announced date=2025-02-01
  policy_events/perhaps  policy=mofcom-gac-2025-55 event=effective date=2025
  policy_events/p1       policy=mofcom-gac-2025-55 event=announced date=2025-02-01
  policy_events/part     policy=mofcom-gac-2025-56 event=effective date=2025-01 part=annex
  policy_events/q1       policy=mofcom-gac-2025-56 event=announced date=2025-02-01
  policy_events/twice    policy=mofcom-gac-2025-57 event=effective date=2025-03
  policy_events/t1       policy=mofcom-gac-2025-57 event=announced date=2025-02-01
  policy_events/t2       policy=mofcom-gac-2025-57 event=announced date=2025-05-01
""",
    "link-to-itself": """
* supply_links/itself    supplier=mt-weld customer=mt-weld LINK
  supply_links/other     supplier=mt-weld customer=lynas-malaysia-kuantan LINK
* ownership/itself       owner=lynas owned=lynas status=stated
  ownership/other        owner=lynas owned=mt-weld status=stated
* policy_links/itself    policy=mofcom-gac-2025-18 other=mofcom-gac-2025-18 relation=implements
  policy_links/other     policy=mofcom-gac-2025-18 other=mofcom-gac-2025-57 relation=implements
* materials/ndpr-oxide   broader=ndpr-metal
* materials/ndpr-metal   broader=ndpr-oxide
""",
    "low-above-high": """
* capacity/tonnes        value_low=2 value_high=1.9 PLANT
* assays/percent         element=Ce percent_low=50 percent_high=5 ASSAY
  capacity/equal         value_low=2 value_high=2 PLANT
  capacity/open          value_low=2 PLANT
""",
    "number-before-its-year": """
  sources/old            published=1999-12 accessed=2026-11-24 READ
  sources/of-the-year    published=2001-03 accessed=2026-11-24 READ
  sources/undated        accessed=2026-11-24 READ
* production/ahead       country=CHN year=2001 value=1 source=old REO
  production/two-sources country=CHN year=2001 value=1 source=old;of-the-year REO
  production/undated     country=CHN year=2001 value=1 source=undated REO
  production/estimate    country=CHN year=2001 value=1 source=old REO kind=estimate
""",
    "number-missing": """
* prices/nothing         unit=usd-per-kg PRICE
  prices/printed         value_as_printed=n.a. PRICE
  prices/noted           note=unpublished PRICE
  prices/bound           value_low=1 PRICE
  baci/dollars           exporter=CHN importer=USA year=2001 usd=1 FLOW
""",
    "output-above-nameplate": """
* capacity/made          as_of=2020 value=11 unit=t-per-year PLANT kind=actual-output
  capacity/same          as_of=2020 value=10 unit=t-per-year PLANT
  capacity/before        as_of=2021 value=12 unit=t-per-year PLANT kind=actual-output
  capacity/quarter       as_of=2020 value=11 unit=t-per-quarter PLANT kind=actual-output
  capacity/other-stage   as_of=2020 value=11 unit=t-per-year PLANT kind=actual-output stage=metal
  capacity/other-basis   as_of=2020 value=11 unit=t-per-year PLANT kind=actual-output basis=reo
""",
    "ownership-above-hundred": """
  ownership/first        owner=lynas share_percent=60 valid_from=2010 HELD
* ownership/tips         owner=jl-mag share_percent=50 valid_from=2015 HELD
  ownership/no-start     owner=chevron share_percent=90 HELD
  ownership/announced    owner=chevron share_percent=90 valid_from=2010 HELD status=announced
  ownership/sold         owner=lynas share_percent=60 valid_from=2010 valid_until=2015 SHARED
  ownership/perhaps      owner=jl-mag share_percent=50 valid_from=2015-06 SHARED
  ownership/smaller      owner=lynas share_percent=50 valid_from=2016 SHARED
""",
    "percent-unit": """
* assays/tonnes          element=Ce percent=60 ASSAY unit=t
* assays/no-unit         element=Ce percent_low=60 deposit=bayan-obo
  assays/right           element=Ce percent=60 ASSAY
""",
    "plan-without-outcome": """
* facility_events/open   facility=mountain-pass event=planned date=2020
  facility_events/told   facility=mountain-pass event=planned date=2020 outcome=unknown
  facility_events/fact   facility=mountain-pass event=opened date=2020
""",
    "point-outside-country": """
* coordinates/exchanged  facility=mountain-pass lat=-15.5 lon=35.4
* coordinates/sign       facility=mountain-pass lat=35.4 lon=115.5
  coordinates/right      facility=mountain-pass lat=35.4 lon=-115.5
  coordinates/over-180   facility=mountain-pass lat=52.9 lon=173.0
  coordinates/edge       facility=neo-narva lat=59.37 lon=28.22
""",
    "production-above-total": """
* production_totals/above   area=WLD year=2001 value=100 REO
  production/a1             country=CHN year=2001 value=80 REO
  production/a2             country=USA year=2001 value=23 REO
  production_totals/rounded area=WLD year=2002 value=100 REO
  production/r1             country=CHN year=2002 value=80 REO
  production/r2             country=USA year=2002 value=22 REO
  production/second-row     country=USA year=2002 value=90 REO
  production/other-basis    country=AUS year=2002 value=90 REO basis=gross-weight
  production/other-series   country=AUS year=2002 value=90 REO series=usgs-mcs-2026
""",
    "proxy-without-whole": """
* production/of-what     country=CHN NINETY figure_kind=proxy
* production/unmarked    country=CHN NINETY figure_kind=measured proxy_of=rare-earths
* production_totals/sum  area=WLD year=2001 value=1 REO figure_kind=proxy
  production/right       country=CHN NINETY figure_kind=proxy proxy_of=rare-earths
  production/measured    country=CHN NINETY figure_kind=measured
""",
    "read-before-published": """
* sources/ahead          published=2025-02 accessed=2025-01-31 READ
  sources/perhaps        published=2025 accessed=2025-01-31 READ
""",
    "reproduction-without-reason": """
  production/here           country=CHN year=2024 percent=60 SHARE
* reproductions/mute        expected=differs note=known AGAIN
* reproductions/bare        expected=not-known reason=inputs AGAIN
* reproductions/both        expected=reproduces reason=edition AGAIN
  reproductions/right       expected=reproduces AGAIN
  reproductions/told        expected=differs reason=edition note=known AGAIN
""",
    "reserves-above-total": """
* reserve_totals/above   area=WLD year=2001 series=bgs value=100 unit=t
  reserves/a1            country=CHN year=2001 series=bgs value=103 unit=t
  reserve_totals/rounded area=WLD year=2002 series=bgs value=100 unit=t
  reserves/r1            country=CHN year=2002 series=bgs value=102 unit=t
""",
    "root-circle": """
* sources/itself         root=itself READ
* sources/one            root=other READ
* sources/other          root=one READ
  sources/copy           root=mirror READ
  sources/mirror         root=wmd-2026 READ
  sources/into-it        root=one READ
""",
    "scope-element": """
* policy_scope/nothing   kind=element SCOPE
* policy_scope/material  kind=element table=materials covers=ndpr-oxide SCOPE
  policy_scope/element   kind=element table=elements covers=Dy SCOPE
  policy_scope/group     kind=element table=element_groups covers=ndpr SCOPE
  policy_scope/goods     kind=material table=materials covers=ndpr-oxide SCOPE
""",
    "rule-clause-mixed": """
* rule_conditions/role    clause=a ASKED
* rule_conditions/exempts clause=a ASKED role=exempts
* rule_conditions/first   clause=b ASKED from=2025
* rule_conditions/open    clause=b ASKED
  rule_conditions/same-1  clause=c ASKED until=2026-12-31 part=annex
  rule_conditions/same-2  clause=c ASKED until=2026-12-31 part=annex
  rule_conditions/apart   clause=d ASKED layer=practice
""",
    "rule-limit-twice": """
  policy_scope/limit      kind=threshold percent=0.1 unit=percent SCOPE
* rule_conditions/twice   clause=a percent=0.1 unit=percent scope=limit LIMITED
  rule_conditions/once    clause=b scope=limit LIMITED
  rule_conditions/own     clause=c percent=0.1 unit=percent LIMITED
""",
    "scope-exempt": """
* policy_scope/exempt    kind=exempt table=elements covers=Nd SCOPE
* policy_scope/element   kind=element table=elements exempts=Nd SCOPE
  policy_scope/right     kind=exempt table=elements exempts=Nd SCOPE
  policy_scope/covers    kind=element table=elements covers=Nd SCOPE
""",
    "scope-words": """
* policy_scope/users     AIMED detail=for-military-users
* policy_scope/abroad    kind=threshold SCOPE detail=a-foreign-made-item
* policy_scope/sold-on   kind=threshold SCOPE text=third-country-transfers
* policy_scope/forms     kind=element table=elements covers=Dy SCOPE detail=Metals,-targets
  policy_scope/said      users=military-users AIMED detail=military
  policy_scope/reached   kind=threshold reach=foreign-made SCOPE detail=a-foreign-made-item
  policy_scope/stated    kind=element table=elements covers=Dy forms=metal;alloy SCOPE detail=metals
  policy_scope/goods     kind=material table=materials covers=ndpr-oxide SCOPE detail=oxide
  policy_scope/other     kind=element table=elements covers=Dy SCOPE detail=nonmetallic
""",
    "share-above-hundred": """
* production/above       country=CHN year=2001 percent=100.1 SHARE
* production/below       country=CHN year=2001 percent_low=-1 SHARE
  production/whole       country=CHN year=2001 percent=100 SHARE
* assays/assay           element=Ce percent_high=120 ASSAY
* compositions/weight    material=ndfeb-alloy element=Fe percent=101 unit=wt-percent
  demand/growth          year=2001 percent=150 unit=percent basis=growth-on-year
  prices/fall            percent=-26 unit=percent-change PRICE
""",
    "shares-above-hundred": """
* production/a1          country=CHN year=2001 percent=60 SHARE
* production/a2          country=USA year=2001 percent=42 SHARE
  production/r1          country=CHN year=2002 percent=60 SHARE
  production/r2          country=USA year=2002 percent=41 SHARE
  production/second-row  country=USA year=2002 percent=45 SHARE
  production/other-year  country=AUS year=2003 percent=90 SHARE
""",
    "statement-link-fact": """
  statements/said           speaker=lynas source=article-2025-06
  statements/else           speaker=lynas source=article-2025-06
  responses/reply           statement=said source=article-2025-06
  facility_events/same      facility=mountain-pass event=closed source=article-2025-06
  facility_events/more      facility=mountain-pass event=closed source=article-2025-06;baci-2026
* statement_links/itself    table=statements fact=said JUDGED
* statement_links/speech    table=statements fact=else JUDGED
* statement_links/answer    table=responses fact=reply JUDGED
* statement_links/link      table=statement_links fact=itself JUDGED
* statement_links/entity    table=facilities fact=mountain-pass JUDGED
* statement_links/circle    table=facility_events fact=same JUDGED
  statement_links/right     table=facility_events fact=more JUDGED
""",
    "statement-link-twice": """
  statements/said           speaker=lynas source=article-2025-06
  statements/else           speaker=lynas source=article-2025-06
  facility_events/fact      facility=mountain-pass event=closed source=baci-2026
  facility_events/other     facility=mountain-pass event=closed source=baci-2026
  statement_links/a-first   table=facility_events fact=fact JUDGED
* statement_links/b-against table=facility_events fact=fact JUDGED relation=contradicts
* statement_links/c-again   table=facility_events fact=fact JUDGED
  statement_links/d-fact    table=facility_events fact=other JUDGED
  statement_links/e-speech  table=facility_events fact=fact JUDGED statement=else
""",
    "stopped-before-effective": """
* policy_events/ended     policy=mofcom-gac-2025-18 event=ended date=2024
* policy_events/suspended policy=mofcom-gac-2025-18 event=suspended date=2024-12 until=2024-12-30
  policy_events/w1        policy=mofcom-gac-2025-18 event=effective date=2025-01
  policy_events/perhaps   policy=mofcom-gac-2025-55 event=ended date=2025
  policy_events/p1        policy=mofcom-gac-2025-55 event=effective date=2025-12
  policy_events/ahead     policy=mofcom-gac-2025-56 event=suspended date=2025-11-07 until=2026-11
  policy_events/a1        policy=mofcom-gac-2025-56 event=effective date=2025-11-08
  policy_events/between   policy=mofcom-gac-2025-57 event=ended date=2025-03
  policy_events/b1        policy=mofcom-gac-2025-57 event=effective date=2025-02
  policy_events/b2        policy=mofcom-gac-2025-57 event=effective date=2025-05
""",
    "trade-above-total": """
* baci_totals/tonnes     exporter=WLD importer=USA year=2001 tonnes=10 usd=99 FLOW
  baci/t1                exporter=CHN importer=USA year=2001 tonnes=8 usd=10 FLOW
  baci/t2                exporter=EST importer=USA year=2001 tonnes=3 usd=10 FLOW
* baci_totals/dollars    exporter=CHN importer=WLD year=2001 tonnes=10 usd=9 FLOW
  baci_totals/right      exporter=EST importer=WLD year=2001 tonnes=3 usd=10 FLOW
  baci_totals/other-year exporter=EST importer=WLD year=2002 tonnes=1 usd=1 FLOW
  baci_totals/two-tell   exporter=WLD importer=DEU year=2001 tonnes=9 usd=9 FLOW
  baci/ours              exporter=CHN importer=DEU year=2001 tonnes=9 source=baci-2026 FLOW
  baci/yours             exporter=CHN importer=DEU year=2001 tonnes=8 source=wmd-2026 FLOW
* baci_totals/twice      exporter=WLD importer=FRA year=2001 tonnes=9 usd=9 FLOW
  baci/once              exporter=CHN importer=FRA year=2001 tonnes=9 source=baci-2026 FLOW
  baci/again             exporter=CHN importer=FRA year=2001 tonnes=9 source=baci-2026 FLOW
""",
    "trade-with-itself": """
* baci/itself            exporter=CHN importer=CHN year=2001 usd=1 FLOW
  baci/other             exporter=CHN importer=USA year=2001 usd=1 FLOW
""",
    "until-before-from": """
* ownership/validity     owner=lynas valid_from=2015 valid_until=2014 HELD
  ownership/perhaps      owner=lynas valid_from=2015 valid_until=2015-01 HELD
* policy_scope/scope     kind=element from=2025-12 until=2025-11-30 SCOPE
  policy_scope/perhaps   kind=element from=2025-12 until=2025 SCOPE
* trade/period           exporter=CHN importer=USA period_from=2025-05 period_until=2025-04
  trade/one-month        exporter=CHN importer=USA period_from=2025-05 period_until=2025-05
* statements/speech      speaker=lynas date_from=2010 date_until=2009
* policy_events/event    policy=mofcom-gac-2025-18 event=suspended date=2025-11-07 until=2025-11-06
  policy_events/one-day  policy=mofcom-gac-2025-18 event=suspended date=2025-11-07 until=2025-11-07
""",
    "value-outside-range": """
* capacity/above         value=3 value_low=1 value_high=2 PLANT
* capacity/below         value=3 value_low=4 PLANT
* assays/percent         element=Ce percent=3 percent_high=2 ASSAY
  capacity/at-the-end    value=2 value_low=1 value_high=2 PLANT
  capacity/open          value=3 value_high=4 PLANT
""",
}
