"""For people who know rdflib: the view's dataset is an rdflib Dataset, one named graph a row.

Run: python examples/ask_with_rdflib.py
"""

from rdflib import RDF, RDFS, Namespace, URIRef

import monazite as mz

MZ = Namespace("https://w3id.org/monazite/ns#")
PROV = Namespace("http://www.w3.org/ns/prov#")
BASE = "https://w3id.org/monazite/"

dataset = mz.load(valid="2026-11-24").dataset
bukit_merah = URIRef(BASE + "id/facility/bukit-merah")

# rdflib's own API: the events of a plant, each with its row and the sources the row rests on.
print(dataset.value(bukit_merah, RDFS.label))
for event in sorted(dataset.subjects(RDF.type, MZ.FacilityEvent)):
    if dataset.value(event, MZ.facility) == bukit_merah:
        sources = sorted(
            source.removeprefix(BASE) for source in dataset[event : PROV.wasDerivedFrom]
        )
        print(event.removeprefix(BASE), dataset.value(event, MZ.date), *sources, sep=" | ")

# SPARQL through the same dataset is answered by the embedded store.
count = "SELECT (COUNT(DISTINCT ?event) AS ?events) { ?event a mz:FacilityEvent }"
for solution in dataset.query(count, initNs={"mz": MZ}):
    print("events of all facilities:", solution["events"])
