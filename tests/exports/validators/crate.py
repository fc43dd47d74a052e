"""Run by the validators' own Python: hold a crate against a profile, without a network.

Arguments: the folder of the crate, and rocrate's copy of the RO-Crate context. The validator asks
for the context of 1.1 at its address; the copy is of 1.3, which has kept the terms.
"""

import json
import sys
from pathlib import Path

from rocrate_validator import services
from rocrate_validator.models import Severity
from rocrate_validator.utils.http import HttpRequester

FOLDER, CONTEXT = map(Path, sys.argv[1:])
KNOWN = ("https://w3id.org/ro/crate/1.1/context",)


class Copy:
    status_code = 200
    headers = {"Content-Type": "application/ld+json"}  # noqa: RUF012 - never changed
    text = CONTEXT.read_text(encoding="utf-8")

    def json(self):
        return json.loads(self.text)


def get(_, url, **__):
    if url not in KNOWN:
        raise RuntimeError(f"the crate sends its reader to {url}")
    return Copy()


HttpRequester.get = get
result = services.validate(
    services.ValidationSettings(
        rocrate_uri=str(FOLDER),
        profile_identifier="process-run-crate",
        requirement_severity=Severity.RECOMMENDED,
        allow_requirement_check_override=True,
    )
)
for issue in result.get_issues(Severity.RECOMMENDED):
    print(issue.severity.name, issue.check.identifier, issue.violatingEntity, issue.message)  # noqa: T201 - its answer
