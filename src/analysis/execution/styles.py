"""The colour of each verdict on a terminal; light, because the list of claims has it too."""

STYLES = {
    "SUPPORTED": "green",
    "MOSTLY_SUPPORTED": "green",
    "DEFINITION_DEPENDENT": "yellow",
    "MOSTLY_CONTRADICTED": "magenta",
    "CONTRADICTED": "magenta",
}
