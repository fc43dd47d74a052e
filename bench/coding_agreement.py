"""Put the agreement of the three coders into docs/coding-agreement.md.

`python bench/coding_agreement.py` reads documents/codings, documents/coding_sheet and
documents/documents under data/, and the answers of the coding that was replaced
(bench/codings_before.csv).
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd

from analysis.stats.agreement import alpha, kappa

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "documents"
BEFORE = ROOT / "bench" / "codings_before.csv"
PAGE = ROOT / "docs" / "coding-agreement.md"
CODERS = ["a", "b", "c"]
ANSWERS = ["yes", "no", "silent", "ambiguous"]
ASKED = ["claim_id", "reading", "doc_id"]
ENOUGH = 8  # answers, from which a claim's agreement is given
TURNED = {"yes": "no", "no": "yes"}
REVERSED = {("C8", "literal"), ("E6", "literal")}  # the new question asks for the contrary
REFERS = r"^(?:The same|Second report|Second copy|Second account|Same interview)"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f}%)" if whole else "none"


def _rounded(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"


def _table(header: list[str], rows: list[list[object]], right: int = 1) -> str:
    """A Markdown table; columns from number `right` on are aligned to the right."""
    rule = ["---" if i < right else "---:" for i in range(len(header))]
    lines = [header, rule, *[[str(cell).replace("|", "/") for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _alpha(wide: pd.DataFrame) -> str:
    return _rounded(alpha(wide[CODERS].to_numpy().tolist()))


def _different(wide: pd.DataFrame) -> pd.Series:
    """How many different answers the three gave to each question."""
    return wide[CODERS].T.nunique()


def agreement(wide: pd.DataFrame) -> str:
    """Each pair and all three together, and what each coder answered."""
    pairs = []
    for one, two in combinations(CODERS, 2):
        equal = int((wide[one] == wide[two]).sum())
        opposed = wide[[one, two]].isin(["yes", "no"]).all(axis=1) & (wide[one] != wide[two])
        kept = kappa(wide[one].tolist(), wide[two].tolist())
        pairs.append([f"{one}, {two}", _share(equal, len(wide)), _rounded(kept), opposed.sum()])
    n = _different(wide).value_counts()
    counts = [
        [word, *((wide[coder] == word).sum() for coder in [*CODERS, "majority"])]
        for word in ANSWERS
    ]
    return f"""\
## Agreement

{len(wide)} answers of each coder. Questions with the same words about one document were put once.

{_table(["pair", "equal", "Cohen's kappa", "yes against no"], pairs)}

Krippendorff's alpha of all three is **{_alpha(wide)}**. All three agree in
{_share(n.get(1, 0), len(wide))}, two of three in {n.get(2, 0)}; in {n.get(3, 0)} all differ,
and the majority is ambiguous. Kappa and alpha take off the agreement that chance would give.

{_table(["answer", *CODERS, "majority"], counts)}
"""


def by_claim(wide: pd.DataFrame) -> str:
    """The agreement on each claim that has enough answers."""
    rows = []
    for claim, part in wide.groupby(level="claim_id"):
        if len(part) >= ENOUGH:
            equal = (_different(part) == 1).sum()
            rows.append([claim, len(part), equal, _alpha(part)])
    rows.sort(key=lambda row: (row[0][0], int(row[0][1:])))
    return f"""\
## By claim

Claims with at least {ENOUGH} answers. Alpha is unstable where nearly all answers are alike, and
not defined where all are: read it beside the number of equal answers.

{_table(["claim", "answers", "all three equal", "alpha"], rows)}
"""


def against_before(wide: pd.DataFrame) -> str:
    """The majority beside the answers that stood before."""
    before = pd.read_csv(BEFORE, keep_default_na=False)
    reverse = [pair in REVERSED for pair in zip(before["claim_id"], before["reading"], strict=True)]
    before["before"] = before["answer"].mask(reverse, before["answer"].replace(TURNED))
    both = before.merge(wide[["majority"]].reset_index(), on=ASKED)
    crossed = pd.crosstab(both["before"], both["majority"])
    rows = [
        [word, *(crossed.get(to, {}).get(word, 0) for to in ANSWERS)]
        for word in ("yes", "no", "unclear")
    ]
    moved = both[both["majority"] == both["before"].map(TURNED)]
    opposite = moved[[*ASKED, "before", "majority"]].to_numpy().tolist()
    header = ["claim", "reading", "document", "before", "now"]
    return f"""\
## Against the first coding

The first sheet had {len(before)} questions and two coders, whose answers were yes, no and unclear
(kappa 0.88). It was replaced and not corrected: many of its questions contained a date of the
article or the expected answer, *no* meant the contrary as well as silence, and the documents of
a question had been chosen one by one. The new sheet puts each question to every document of its
topics. {len(both)} pairs of a question and a document are in both; the rest of the first sheet
asked for a change "dated 2021 (and not 2024)", which dates decide. Former answers to two questions
that now ask for the contrary are turned round here. The first coding is in the history.

{_table(["before / now", *ANSWERS], rows)}

From yes to no or from no to yes:

{_table(header, opposite, right=9) if opposite else "none."}
"""


def recoded() -> str:
    """Which questions were coded twice, and why."""
    return """\
## Questions that were coded anew

The first answers of all coders to the four questions of D5 rested on a word of the collector,
"reasons", among the key terms of 22 texts on the build-up of Japan's forces. The question of D16
named one drone so narrowly that no description could answer it. The label was deleted and the
question widened; three other readers, who saw neither the first answers nor each other's, then
answered the 94 pairs. Only these second answers are in the table.
"""


def full_texts(wide: pd.DataFrame) -> str:
    """How often the summary says too little, and what that means."""
    texts = pd.read_csv(DATA / "documents.csv", keep_default_na=False).set_index("doc_id")
    summaries = texts["says"].reindex(wide.index.get_level_values("doc_id"))
    refers = summaries.str.contains(REFERS).sum()
    split = _different(wide) > 1
    silence = (split & (wide[CODERS] == "silent").any(axis=1)).sum()
    return f"""\
## Where a full text would matter

- In {_share(silence, split.sum())} of the disagreements somebody says silent: the summary
  touches the question and does not settle it. The text might.
- {_share(refers, len(wide))} answers are about a document whose summary begins by referring to
  another row ("The same statement", "Second report"). A coder who sees one row at a time can
  seldom use it, so these add little.
- *Silent* says that the summary does not address the question. Of a strategy or a white paper of
  a hundred pages that says little. Why Japan builds up its forces (D5), whether it keeps a policy
  (D18) and whether a text has a phrase (D19) are questions for whole texts.
- *No* rests mostly on one sentence of a summary. No verdict of absence rests on it unless the
  text is a complete list or the denial of the body that would know ([method](method.md#absence)).
"""


def coverage() -> str:
    """The documents of a question's topics that it was not put to."""
    sheet = pd.read_csv(DATA / "coding_sheet.csv", keep_default_na=False)
    texts = pd.read_csv(DATA / "documents.csv", keep_default_na=False)
    missing = []
    for (claim, question), part in sheet.groupby(["claim_id", "question"]):
        of_topics = texts["topic"].isin(part["topics"].iloc[0].split(";"))
        left = sorted(set(texts.loc[of_topics, "doc_id"]) - set(part["doc_id"]))
        missing += [[claim, question, f"`{name}`"] for name in left]
    listed = _table(["claim", "question", "document"], missing, right=9)
    return f"""\
## Which documents were asked

{sheet["question"].nunique()} questions, {len(texts)} documents. Each question is put to every
document of its topics (column `topics` of the sheet) and to a few more. Documents of the topics
that were added later and have no answer yet:

{listed if missing else "none."}
"""


def disagreements(wide: pd.DataFrame, notes: pd.DataFrame) -> str:
    """Every question on which the coders differ, with their notes."""
    sheet = pd.read_csv(DATA / "coding_sheet.csv", keep_default_na=False)
    rows = []
    for where in map(tuple, sheet[ASKED].to_numpy()):
        answers = wide.loc[where]
        if len(set(answers[CODERS])) == 1:
            continue
        remarks = [f"{coder}: {note}" for coder in CODERS if (note := notes.loc[where, coder])]
        claim, reading, name = where
        given = [*answers[CODERS], answers["majority"]]
        rows.append([claim, reading, f"`{name}`", *given, "; ".join(remarks)])
    header = ["claim", "reading", "document", *CODERS, "majority", "notes"]
    return f"""\
## Disagreements

In the order of the coding sheet.

{_table(header, rows, right=9)}
"""


def page() -> str:
    """The whole page."""
    codings = pd.read_csv(DATA / "codings.csv", keep_default_na=False)
    wide, notes = (
        codings.pivot_table(index=ASKED, columns="coder", values=column, aggfunc="first")
        for column in ("answer", "note")
    )
    parts = [
        INTRODUCTION,
        coverage(),
        agreement(wide),
        recoded(),
        full_texts(wide),
        against_before(wide),
        by_claim(wide),
        disagreements(wide, notes),
    ]
    return "\n".join(part for part in parts if part)


INTRODUCTION = """\
# Agreement of the three coders

Generated by `python bench/coding_agreement.py` from `data/documents/codings.csv`.

## Who coded, and from what

Three coders, *a*, *b* and *c*, answered every question about every document with *yes*, *no* (the
text says the contrary), *silent* (it does not address the question) or *ambiguous* (it does, and
can be read both ways). They had a page of rules with examples from another field, and a sheet in
random order with the question and the document's own description: date, issuer, role, country,
kind, topic, a summary and key terms. They saw neither each other's answers nor claims, readings,
verdicts or the names of documents. No answer was changed by hand. Two limits of the blinding:
they were told not to look at each other's files, and nothing but that kept them from it; and the
order of the sheet did not hold, for at least two sorted the rows by document, so that one answer
could colour the next one about the same document.

**The coders are instances of one language model, not people.** They share its habits and its
mistakes, so their agreement overstates how far independent readers would agree: it shows that
the rules can be applied the same way, not that an answer is right. And **they read the summary of
a document, not the document**: what a summary leaves out none of them could see, and what it gets
wrong all three get wrong.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
