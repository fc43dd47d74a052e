"""Run by the validators' own Python: count the reviews, ratings and claims that rdflib reads.

schema.org's context is a page on the web; that each term is one of schema.org's is what it says
of the terms used here, so it is put in its place.
"""

import json
import sys
from pathlib import Path

from rdflib import RDF, Graph, Namespace

SCHEMA = Namespace("https://schema.org/")
content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
if content["@context"] != "https://schema.org":
    raise SystemExit(f"unexpected context {content['@context']}")
content["@context"] = {"@vocab": str(SCHEMA)}
graph = Graph().parse(data=json.dumps(content), format="json-ld")
reviews = list(graph.subjects(RDF.type, SCHEMA.ClaimReview))
rated = [graph.value(each, SCHEMA.reviewRating) for each in reviews]
told = [graph.value(rating, SCHEMA.alternateName) for rating in rated if rating]
claims = [graph.value(each, SCHEMA.itemReviewed) for each in reviews]
print(len(reviews), len([each for each in told if each]), len([each for each in claims if each]))  # noqa: T201 - its answer
