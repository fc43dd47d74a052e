from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import executions
import pytest
from axe_playwright_python.sync_playwright import Axe
from structure import Structure

from analysis.claims import model
from analysis.figures.palette import VERDICTS
from analysis.project import Project
from analysis.site.build import build
from analysis.verdicts import results

ROOT = Path(__file__).parents[2]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_STYLE = ["color-contrast", "target-size"]  # what a scheme or a width can change
RULES = {"runOnly": TAGS, "preload": False}  # it would fetch the style, which a file: page may not
WIDE, TABLET, NARROW = 1280, 768, 390
KINDS = (
    *("index", "article", "data", "method", "glossary"),
    *("deviations", "changes", "cite", "search", "404"),
)
SETTINGS = (("light", WIDE), ("dark", NARROW))  # contrast is of the scheme, overflow of the width
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
MEASURED = ("nonBmp", "shortTextContent", "elmPartiallyObscured", "elmPartiallyObscuring")
WHOLE = os.environ.get("CLAIMS_SITE") == "all"  # after a run of everything: every page of that

every_page = pytest.mark.skipif(not WHOLE, reason="every page: CLAIMS_SITE=all, after make figures")


@pytest.fixture(scope="session")
def audit(executed, tmp_path_factory):
    """A copy of this audit in which a few claims were run; the others are told as published."""
    return Project(executions.copied(executed, tmp_path_factory.mktemp("site") / "audit"))


@pytest.fixture(scope="session")
def site(audit):
    return build(audit).parent


@pytest.fixture(scope="session")
def whole():
    """The site of this audit after a run of everything."""
    return build(Project(ROOT)).parent


@pytest.fixture
def page(chromium):
    """A page that remembers every complaint and every request that leaves the folder."""
    made = chromium.new_page(viewport={"width": WIDE, "height": 900})
    made.faults = []
    made.on("console", lambda said: said.type == "error" and made.faults.append(said.text))
    made.on("pageerror", lambda error: made.faults.append(str(error)))
    local = ("file:", "data:")
    made.on("request", lambda r: r.url.startswith(local) or made.faults.append(r.url))
    yield made
    made.close()


def shown(site, kind):
    """Pages of every kind: the plain ones, a claim and one not testable, a table, a notebook."""
    if kind in KINDS:
        return site / f"{kind}.html"
    folder, _, word = kind.partition(":")
    pages = sorted((site / folder).glob("*.html"))
    found = [path for path in pages if word in path.read_text(encoding="utf-8")]
    return found[0] if found else pytest.skip(f"no page of {kind} was built")


def unclear(found) -> list[str]:
    """Where axe cannot tell the contrast, but for signs and scrolled text: CONTRAST sees them."""
    return [
        node["html"]
        for rule in found.response["incomplete"]
        for node in rule["nodes"]
        for check in node["any"]
        if rule["id"] == "color-contrast" and check["data"]["messageKey"] not in MEASURED
    ]


class Anchors(HTMLParser):
    """The links and the names of one page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.names = set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - its signature
        for name, value in attrs:
            if name == "id":
                self.names.add(value)
            if name in ("href", "src") and value:
                self.links.add(value)


ALL = (
    *KINDS,
    "claims:Why it cannot be tested",
    'claims:id="trials"',
    "data:Rows",
    "notebooks:",
)


FAST = ("index", 'claims:id="trials"', "data:Rows")  # the three that are read most


@pytest.mark.parametrize(
    "kind", [each if each in FAST else pytest.param(each, marks=pytest.mark.slow) for each in ALL]
)
def test_every_kind_of_page_can_be_used_by_everybody(site, page, kind):
    path = shown(site, kind)
    for scheme, width in SETTINGS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri() + ("#q=customs" if kind == "search" else ""))
        again = (scheme, width) != SETTINGS[0]
        found = Axe().run(page, options=RULES | {"runOnly": OF_STYLE} if again else RULES)
        assert found.violations_count == 0, (scheme, width, found.generate_report())
        assert unclear(found) == [], (scheme, width)
        assert page.evaluate(CONTRAST) == [], (scheme, width)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, (scheme, width, overflow)
    assert page.faults == []


def test_white_on_white_is_seen(site, page):
    page.goto((site / "index.html").as_uri())
    assert page.evaluate(CONTRAST) == []
    page.evaluate("document.querySelector('.lead').style.color = 'white'")
    seen = page.evaluate(CONTRAST)
    assert seen
    assert all(each.startswith("1.00: ") for each in seen)
    assert unclear(Axe().run(page, options=RULES))


@pytest.mark.parametrize("path", ["index.html", "claims/C2.html", "notebooks/C2.html"])
def test_what_gets_into_a_page_all_the_same_does_not_run(site, page, tmp_path, path):
    """The policy is tried apart from the cleaning: script in the page, in an event, from afar."""
    broken = (
        "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
        "<script src='data:text/javascript,document.title = 1'></script></main>"
    )
    copy = shutil.copytree(site, tmp_path / "site") / path
    copy.write_text(copy.read_text(encoding="utf-8").replace("</main>", broken), encoding="utf-8")
    page.goto(copy.as_uri())
    assert page.title() not in ("ran", "1")
    assert len([fault for fault in page.faults if "Content Security Policy" in fault]) >= 3


def test_every_page_has_the_policy_before_anything_that_it_governs(site):
    for path in site.rglob("*.html"):
        head = path.read_text(encoding="utf-8").partition("Content-Security-Policy")
        assert head[1], path.name
        assert not re.search("<(script|link|img|style)", head[0]), path.name
        assert "script-src 'self';" in head[2].partition(">")[0], path.name


def test_every_link_leads_somewhere(site):
    pages = {path: Anchors(path) for path in sorted(site.rglob("*.html"))}
    lost = []
    for path, anchors in pages.items():
        for link in anchors.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = Path(os.path.normpath(path.parent / unquote(parts.path)))
            target = target if parts.path else path
            named = not parts.fragment or parts.fragment in pages[target].names
            if not target.exists() or not named:
                lost.append((path.name, link))
    assert lost == []


def test_every_page_is_well_formed_and_every_link_an_address(site):
    faults = {}
    for path in sorted(site.rglob("*.html")):
        if path.parent.name != "notebooks":  # their cells are nbconvert's
            faults[path.name] = Structure(path).faults
        faults.setdefault(path.name, []).extend(
            link for link in Anchors(path).links if re.search(r"\s", link) and link[:5] != "data:"
        )
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<p>a<div>b</div></p>", "<div> in <p>"),
        ("<p>a", "<p> is left open"),
        ("<p>a</b></p>", "</b> closes nothing"),
        ('<p id="a">a</p><p id="a">b</p>', "#a is there twice"),
    ],
)
def test_a_page_that_is_not_well_formed_is_seen(tmp_path, text, fault):
    (tmp_path / "page.html").write_text(text)
    assert fault in Structure(tmp_path / "page.html").faults


@pytest.mark.parametrize(("width", "height", "screens"), [(1280, 800, 1), (390, 844, 2)])
def test_the_figure_is_seen_without_searching_for_it(site, page, width, height, screens):
    page.set_viewport_size({"width": width, "height": height})
    for name in executions.CLAIMS:
        page.goto((site / "claims" / f"{name}.html").as_uri())
        box = page.locator(".drawn img").bounding_box()
        assert box["y"] + min(box["height"], height / 2) <= screens * height, name


HEAVIEST = {"index.html": 300_000, "article.html": 150_000, "claims/C2.html": 350_000}  # bytes


@pytest.mark.parametrize("path", HEAVIEST)
def test_what_a_page_loads_at_first_is_light(site, page, path):
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(Path(unquote(request.url[7:]))))
    page.goto((site / path).as_uri(), wait_until="networkidle")
    assert sum(file.stat().st_size for file in set(loaded) if file.exists()) < HEAVIEST[path]


def test_the_claims_are_filtered_by_keyboard_and_the_address_keeps_it(site, page):
    page.goto((site / "index.html").as_uri())
    before = page.locator(".card:visible").count()
    page.locator("#filters [name=q]").focus()
    page.keyboard.type("zzzz")
    assert page.locator(".card:visible").count() == 0 < before
    assert page.url.endswith("#q=zzzz")
    page.reload()
    assert page.locator(".card:visible").count() == 0
    page.locator("button[type=reset]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.card[hidden]').length === 0")


def test_a_verdict_is_chosen_in_the_bar(site, page):
    page.goto((site / "index.html").as_uri())
    chosen = page.locator(".legend a").first
    code, count = chosen.get_attribute("data-code"), chosen.locator("xpath=..").inner_text()
    chosen.click()
    shown = page.locator(".card:visible")
    assert f"#verdict={code}" in page.url
    assert str(shown.count()) == count.split()[-1]
    assert {each.get_attribute("data-verdict") for each in shown.all()} == {code}


def test_without_scripts_every_claim_can_be_opened(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / "index.html").as_uri())
    for group in plain.locator(".group").all():
        if group.get_attribute("open") is None:
            group.locator("summary").click()
    assert plain.locator(".card:visible").count() == plain.locator(".card").count() > 0
    assert plain.locator("#filters:visible").count() == 0
    context.close()


def test_the_answer_leads_and_counts_what_the_groups_hold(site, page):
    page.goto((site / "index.html").as_uri())
    wrong = page.locator("[data-verdict$=CONTRADICTED]").count()
    tested = page.locator(".card:not([data-verdict=NOT_TESTABLE], [data-verdict=PENDING])").count()
    assert page.inner_text("h1").startswith(f"{wrong} of {tested} testable claims")


@pytest.mark.parametrize(("asked", "kind"), [("SIPRI", "Sources"), ("customs", "Tables")])
def test_search_finds_sources_and_tables_from_every_page(site, page, asked, kind):
    page.goto((site / "method.html").as_uri())
    page.locator("#find").fill(asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    section = page.locator(".hits:visible", has=page.locator("h2", has_text=kind))
    found = section.locator("li:visible").all_inner_texts()
    assert found
    assert all(asked.lower() in each.lower() for each in found)


def test_the_article_shows_the_verdicts_of_another_day(site, page):
    page.goto((site / "article.html").as_uri())
    replay = json.loads(page.locator("#replay").inner_text())
    codes = list(json.loads(page.locator("#codes").inner_text()))
    page.locator("#day").focus()
    page.keyboard.press("Home")
    assert page.inner_text("#when") == replay["days"][0]
    for name, found in replay["claims"].items():
        shown = page.locator(f"[data-claim={name}]").get_attribute("class")
        assert f"v-{codes[found[0]]}" in shown.split()


def test_a_readers_own_assumptions_are_looked_up_by_keyboard(site, page):
    page.goto(shown(site, 'claims:id="trials"').as_uri())
    before = page.locator("#command").text_content()
    page.locator("#explorer [name=vintage]").focus()
    page.keyboard.press("ArrowDown")
    assert "--vintage latest" in page.locator("#command").text_content() != before
    assert page.locator("#result").inner_text()


EVERY_CHOICE = """() => {
  const fields = [...document.querySelectorAll("#explorer select")];
  const lost = [];
  for (const field of fields) {
    for (const option of [...field.options].filter((each) => !each.disabled)) {
      field.value = option.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const stray = fields.filter((each) => !each.disabled && each.selectedOptions[0].disabled);
      const kept = field.value === option.value;
      if (!kept || stray.length || !document.querySelector("#result a, #result p")) {
        lost.push([field.name, option.text]);
      }
    }
  }
  return lost;
}"""


def test_no_choice_of_assumptions_leads_nowhere(site, page):
    for path in sorted((site / "claims").glob("*.html")):
        if 'id="trials"' in path.read_text(encoding="utf-8"):
            page.goto(path.as_uri())
            assert page.evaluate(EVERY_CHOICE) == [], path.name
    assert page.faults == []


def test_the_counts_of_a_page_are_those_of_its_curve(site, page):
    words = {"pass": "passes", "fail": "fails"}
    for name in executions.CLAIMS:
        page.goto((site / "claims" / f"{name}.html").as_uri())
        table = page.locator("[aria-label='Specifications by reading']")
        heads = [each.lower() for each in table.locator("thead th").all_inner_texts()][1:]
        cells = [int(each) for each in table.locator("td").all_inner_texts()]
        with (site / "claims" / f"{name}-curve.csv").open(encoding="utf-8", newline="") as file:
            drawn = Counter(
                row["outcome"] for row in csv.DictReader(file) if row["mark"] == "specification"
            )
        for place, head in enumerate(heads):
            assert sum(cells[place :: len(heads)]) == drawn[words.get(head, head)], (name, head)


def sheets(page, path):
    """On how many sheets of paper a page prints."""
    page.goto(path.as_uri())
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
    printed = page.pdf(format="A4", print_background=True, margin=margin)
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


@pytest.mark.parametrize("name", [*executions.CLAIMS, "A5"])
def test_a_claim_prints_to_one_sheet(site, page, name):
    assert sheets(page, site / "claims" / f"{name}.html") == 1


@every_page
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_claim_prints_to_one_sheet(whole, page):
    found = {path.name: sheets(page, path) for path in sorted((whole / "claims").glob("*.html"))}
    assert {name: count for name, count in found.items() if count != 1} == {}


@every_page
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_single_page_can_be_used_by_everybody(whole, page):
    """In light, at every width; the dark scheme is looked at for each kind of page above."""
    lost = {}
    for path in sorted(whole.rglob("*.html")):
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(path.as_uri())
        found = Axe().run(page, options=RULES)
        over = {}
        for width in (WIDE, TABLET, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            over[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        dim = unclear(found) + page.evaluate(CONTRAST)
        if found.violations_count or any(over.values()) or dim or page.faults:
            lost[path.name] = (found.generate_report(), over, dim, page.faults.copy())
            page.faults.clear()
    assert lost == {}


def test_no_page_shows_a_reader_the_marks_of_a_program(site):
    """Between the tags; the explorer's data, others' titles and notebooks' code aside."""
    codes = "|".join((*VERDICTS, *model.TAGS))
    for path in sorted(site.glob("*.html")) + sorted((site / "claims").glob("*.html")):
        page = re.sub(r"<script.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        page = re.sub(
            r'<ul class="sources">.*?</ul>', "", page, flags=re.DOTALL
        )  # titles of others
        text = html.unescape(re.sub(r"<[^>]*>", " ", page))
        assert not re.search(r"\{'|\['|: None\b|\bnan\b", text), path.name
        assert not re.search(rf"\b(?:{codes}|p\d s\d+)\b", text), path.name
        if path.parent.name == "claims":
            assert not re.search(r"\b(?:literal|donut|[a-z]+_[a-z]+)\b", text), path.name


def test_stages_are_told_by_their_names_and_not_by_numbers(site, page):
    page.goto((site / "claims" / "D11.html").as_uri())
    assert page.inner_text("#result").startswith("shown: fails against at least delivered.")
    assert "Found: shown." in page.inner_text(".why")
    assert " rung" not in page.inner_text("main")


def test_a_claims_page_begins_with_the_title_of_its_figure(audit, site):
    entries = results.read_results(audit.published)["claims"]
    kept = {entry["id"] for entry in entries if "finding" in entry}  # none in older results
    drawn = [path for path in (site / "claims").glob("*.svg") if "-" not in path.stem]
    assert drawn
    for path in drawn if kept else []:
        (title,) = re.findall(r"<title id=[^>]*>(.*?)</title>", path.read_text(encoding="utf-8"))
        page = path.with_suffix(".html").read_text(encoding="utf-8")
        (first,) = re.findall(r"<h1>(.*?)</h1>", page)
        assert html.unescape(first) == html.unescape(title)


def test_a_claim_carries_its_review_for_machines(site):
    text = (site / "claims" / "C2.html").read_text(encoding="utf-8")
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    review = json.loads(found)
    assert (review["@type"], review["identifier"]) == ("ClaimReview", "C2")


@pytest.mark.slow
def test_a_second_build_is_the_same_to_the_byte(audit, site):
    def content():
        return {path: path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}

    before = content()
    build(audit)
    assert content() == before
