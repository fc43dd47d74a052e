"""SDMX messages and web pages: pinned numbers put into the form that is documented."""

import pytest
from recordings import pinned, spelled, spelled_pins

from analysis.errors import DataError
from analysis.refresh.connectors.registry import connector

SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
TRADE = {
    "attributes": {"UNIT_MULT": "6"},
    "layouts": [
        {
            "columns": {
                "year": "TIME_PERIOD",
                "reporter": "REF_AREA",
                "partner": "COUNTERPART_AREA",
                "value_usd": "value",
            },
            "keep": {"FREQ": ["A"]},
            "translate": {"reporter": {"JP": "Japan"}, "partner": {"TW": "Taiwan"}},
            "numbers": {"year": "whole", "value_usd": "decimal"},
            "factor": {"value_usd": 1e6},
            "constants": {"flow": "export", "source_id": "dots_2022"},
        }
    ],
}
COLUMNS = ("year", "reporter", "partner", "flow", "value_usd", "source_id")


def trade_rows():
    where = {"source_id": ["dots_2022"], "reporter": ["Japan"], "partner": ["Taiwan"]}
    rows = pinned("trade/partner_trade_annual", {**where, "flow": ["export"]})
    assert rows
    return [{name: row[name] for name in COLUMNS} for row in rows]


def message(multiplier="6", partner="TW", series="Series"):
    observations = "".join(
        f'<gen:Obs><gen:ObsDimension value="{row["year"]}"/>'
        f'<gen:ObsValue value="{float(row["value_usd"]) / 1e6!r}"/></gen:Obs>'
        for row in trade_rows()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:GenericData xmlns:mes="{SCHEMAS}/message" xmlns:com="{SCHEMAS}/common"
 xmlns:gen="{SCHEMAS}/data/generic">
<mes:Header><mes:ID>T</mes:ID><mes:Test>false</mes:Test>
<mes:Prepared>2022-01-01T00:00:00</mes:Prepared><mes:Sender id="P"/>
<mes:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><com:Structure>
<Ref agencyID="P" id="DOT" version="1.0"/></com:Structure></mes:Structure></mes:Header>
<mes:DataSet structureRef="S"><gen:{series}><gen:SeriesKey><gen:Value id="FREQ" value="A"/>
<gen:Value id="REF_AREA" value="JP"/><gen:Value id="COUNTERPART_AREA" value="{partner}"/>
</gen:SeriesKey><gen:Attributes><gen:Value id="UNIT_MULT" value="{multiplier}"/></gen:Attributes>
{observations}</gen:{series}></mes:DataSet></mes:GenericData>""".encode()


def test_a_message_gives_the_pinned_rows():
    frame = connector("sdmx").read(message(), TRADE)
    assert spelled(frame, COLUMNS) == spelled_pins(trade_rows())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (message(multiplier="3"), "attribute UNIT_MULT: expected '6', found '3'"),
        (message(partner="XX"), "row 1, column 'COUNTERPART_AREA': expected a word that"),
        (message(series="Row"), "the file: expected an SDMX data message, found "),
        (message()[:900], "the file: expected an SDMX data message, found "),
        (b"<html><title>Sign in</title></html>", "the file: expected an SDMX data message, "),
        (b"", "the file: expected an SDMX data message, found "),
    ],
)
def test_what_is_no_such_message(raw, message, capsys):
    with pytest.raises(DataError) as caught:
        connector("sdmx").read(raw, TRADE)
    assert str(caught.value).startswith(message)
    assert capsys.readouterr().out == ""


def test_a_multiplier_that_is_not_there():
    with pytest.raises(DataError, match="attribute UNIT_MULTIPLIER: expected '6', found nothing"):
        connector("sdmx").read(message(), {**TRADE, "attributes": {"UNIT_MULTIPLIER": "6"}})


BULLETINS = {
    "item": "article.bulletin",
    "patterns": {
        "from": r"from 06:00 on (\d{4}/\d{2}/\d{2})",
        "to": r"until 06:00 on (\d{4}/\d{2}/\d{2})",
        "aircraft": r"(\d+|No) sorties? of PLA aircraft",
        "vessels": r"(\d+) PLAN vessels?",
        "ships": r"(\d+) official ships?",
    },
    "optional": ["ships"],
    "figures": {"No": "0"},
    "layouts": [
        {
            "columns": {
                "date": "to",
                "window_start": "from",
                "date_as_given": "to",
                "pla_aircraft": "aircraft",
                "plan_vessels": "vessels",
                "official_ships": "ships",
            },
            "dates": {
                "date": "%Y/%m/%d",
                "window_start": "%Y/%m/%d",
                "date_as_given": "%Y/%m/%d",
            },
            "numbers": {
                "pla_aircraft": "whole",
                "plan_vessels": "whole",
                "official_ships": "whole",
            },
            "constants": {
                "measure": "all_detected",
                "crossed_or_adiz": None,
                "source_id": "plavis",
                "date_basis": "bulletin_date",
                "quality_flag": "machine_parsed",
                "note": None,
            },
        }
    ],
}


def bulletin_rows():
    rows = pinned("security/pla_activity_daily", {"source_id": ["plavis"]})
    rows = [row for row in rows if "2025-02-04" <= row["date"] <= "2025-02-14"]
    assert {bool(row["official_ships"]) for row in rows} == {True, False}
    return [row for row in rows if row["pla_aircraft"]]


def page(sorties="{} sorties of PLA aircraft", item="article"):
    bulletins = "".join(
        f'<{item} class="bulletin"><h2>Activities</h2>\n<p>From the windows from 06:00 on '
        f"{row['window_start'].replace('-', '/')} until 06:00 on "
        f"{row['date'].replace('-', '/')}: <b>{sorties.format(row['pla_aircraft'] or 'No')}</b>, "
        f"{row['plan_vessels']} PLAN&nbsp;vessels"
        + (f" and {row['official_ships']} official ship" if row["official_ships"] else "")
        + f" were detected.</p></{item}>"
        for row in bulletin_rows()
    )
    return f"<!DOCTYPE html><title>Bulletins</title><main>{bulletins}</main></html>\n".encode()


def test_a_page_of_bulletins_gives_the_pinned_rows():
    frame = connector("bulletins").read(page(), BULLETINS)
    assert spelled(frame, bulletin_rows()[0]) == spelled_pins(bulletin_rows())


def test_no_aircraft_is_a_number():
    frame = connector("bulletins").read(page("No sorties of PLA aircraft"), BULLETINS)
    assert set(frame["pla_aircraft"]) == {0}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            b"<title>Sign in</title><form></form>",
            "the page: expected elements 'article.bulletin', found none ('Sign in')",
        ),
        (page(item="section"), "the page: expected elements 'article.bulletin', found none"),
        (
            page("{} planes"),
            "bulletin 1: expected '(\\d+|No) sorties? of PLA aircraft', found 'Act",
        ),
        (page().replace(b"2025/02/04:", b"2025/02/32:"), "row 1, column 'to': expected a date"),
        (b"", "the page: expected elements 'article.bulletin', found none ('no title')"),
        (page() + b"\xff", "the page: expected text in utf-8, found "),
    ],
)
def test_what_is_no_such_page(raw, message):
    with pytest.raises(DataError) as caught:
        connector("bulletins").read(raw, BULLETINS)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(\\d+", "options of the connector: pattern 'vessels': missing ), unterminated"),
        ("\\d+ PLAN", "options of the connector: pattern 'vessels': expected one group, found 0"),
    ],
)
def test_a_pattern_that_cannot_be_meant(pattern, message):
    patterns = {**BULLETINS["patterns"], "vessels": pattern}
    with pytest.raises(DataError) as caught:
        connector("bulletins").read(page(), {**BULLETINS, "patterns": patterns})
    assert str(caught.value).startswith(message)
