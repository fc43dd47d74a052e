"""Archives that are not what they say, or that would do harm: each is caused, none is trusted."""

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.checksums import digest
from analysis.errors import BundleError
from analysis.exports import bundle, manifest, verification

FILES = {"a.txt": b"one", "data/b.csv": b"two\n" * 50}
NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


def packed(files, listed=None):
    """An archive of these files whose MANIFEST is that of others."""
    hashes = {name: digest(data) for name, data in (files if listed is None else listed).items()}
    return bundle.archive({**files, manifest.FILE: manifest.dump(hashes).encode()})


@pytest.fixture
def written(tmp_path):
    def write(data):
        path = tmp_path / "bundle.zip"
        path.write_bytes(data)
        return path

    return write


def test_a_whole_bundle_is_whole(written):
    report = verification.verify(written(packed(FILES)))
    assert report.whole
    assert report.files == 2


def test_each_difference_is_named(written):
    listed = {**FILES, "gone.txt": b"", "a.txt": b"another"}
    report = verification.verify(written(packed({**FILES, "more.txt": b""}, listed)))
    assert not report.whole
    assert (report.missing, report.extra, report.changed) == (
        ("gone.txt",),
        ("more.txt",),
        ("a.txt",),
    )


def with_entry(name, data=b"", **attributes):
    """A whole bundle to which one more entry was added."""
    target = io.BytesIO(packed(FILES))
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    for key, value in attributes.items():
        setattr(entry, key, value)
    with zipfile.ZipFile(target, "a") as zipped:
        zipped.writestr(entry, data)
    return target.getvalue()


LINK = {"external_attr": (stat.S_IFLNK | 0o777) << 16, "create_system": 3}


@pytest.mark.parametrize(
    ("name", "attributes", "told"),
    [
        ("../out.txt", {}, "leads out of the folder"),
        ("/etc/out.txt", {}, "leads out of the folder"),
        ("data/../../out.txt", {}, "leads out of the folder"),
        ("..\\out.txt", {}, "leads out of the folder"),
        ("C:out.txt", {}, "leads out of the folder"),
        ("a\nb.txt", {}, "leads out of the folder"),
        ("./a2.txt", {}, "not in its plain form"),
        ("data//c.csv", {}, "not in its plain form"),
        ("folder/", {}, "a folder"),
        ("link", LINK, "no plain file"),
        ("A.TXT", {}, "a name that is taken"),
    ],
)
def test_what_would_do_harm_is_refused(written, name, attributes, told):
    with pytest.raises(BundleError, match=f"refused for .*{told}.*do not unpack it"):
        verification.verify(written(with_entry(name, **attributes)))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(written):
    with pytest.raises(BundleError, match=r"'a\.txt': a name that is taken"):
        verification.verify(written(with_entry("a.txt")))


def test_a_bomb_is_refused_before_it_is_unpacked(written):
    with pytest.raises(BundleError, match=r"\d+ bytes that would unpack to 50000000"):
        verification.verify(written(with_entry("bomb", b"\0" * 50_000_000)))


def test_too_much_in_all_is_refused(written, monkeypatch):
    monkeypatch.setattr(verification, "LARGEST", 300)
    with pytest.raises(BundleError, match="bytes when unpacked, more than 300"):
        verification.verify(written(packed(FILES)))


def test_an_encrypted_file_is_refused(written):
    data = bytearray(packed(FILES))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1  # the flag in the directory
    with pytest.raises(BundleError, match="encrypted"):
        verification.verify(written(bytes(data)))


@given(st.data())
def test_whatever_byte_of_the_content_changes_is_noticed(tmp_path_factory, data):
    content = packed(FILES)
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        last = zipped.start_dir  # what follows is the directory
    place = data.draw(st.integers(0, last - 1))
    wrong = bytearray(content)
    wrong[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(bytes(wrong))
    try:
        assert verification.verify(path).whole
    except BundleError:
        return
    with zipfile.ZipFile(path) as zipped:  # a field of a header that no content hangs on
        assert {name: zipped.read(name) for name in FILES} == FILES


@pytest.mark.parametrize("kept", [0, 10, 200, -1])
def test_a_part_of_an_archive_is_none(written, kept):
    with pytest.raises(BundleError, match="not a bundle, or a damaged one"):
        verification.verify(written(packed(FILES)[:kept]))


def test_an_archive_without_a_manifest_is_no_bundle(written):
    with pytest.raises(BundleError, match="there is no MANIFEST in it"):
        verification.verify(written(bundle.archive(FILES)))


def test_no_such_file(tmp_path):
    with pytest.raises(BundleError, match=r"none\.zip: no such file"):
        verification.verify(tmp_path / "none.zip")


@given(st.dictionaries(NAMES, HASHES))
def test_a_manifest_reads_back(hashes):
    assert manifest.parse(manifest.dump(hashes)) == hashes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0123  a\n", r"MANIFEST:1: expected a sha256, two spaces and a name, found '0123  a'"),
        (f"{'0' * 64}  a\n" * 2, "MANIFEST:2: expected each file once"),
    ],
)
def test_a_manifest_that_is_none(text, told):
    with pytest.raises(BundleError, match=told):
        manifest.parse(text)
