"""Every file gets the answer it must get, and is told apart from every other kind of trouble."""

import pytest

from pipelines.extraction import Extracted, Refused, extract, failures, unpacking
from tests import corpus

GOOD = corpus.every(corpus.good())
BAD = corpus.every(corpus.bad())
ARCHIVES = corpus.every(corpus.archives())
MEMBERS = corpus.every(corpus.members())
TOTAL_BYTES = 100 << 20


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_read(name):
    found = extract(name, GOOD[name].body)

    assert isinstance(found, Extracted), found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_for_what_is_wrong_with_it(name):
    found = extract(name, BAD[name].body)

    assert isinstance(found, Refused), found
    assert found.code == BAD[name].code, found
    assert BAD[name].says in found.reason
    assert found.reason.endswith(".")
    assert failures.hint(found.code)


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_bad_archive_is_refused_as_a_whole(name):
    found = unpacking.unpack(name, ARCHIVES[name].body, total_bytes=TOTAL_BYTES)

    assert isinstance(found, Refused), found
    assert found.code == ARCHIVES[name].code
    assert ARCHIVES[name].says in found.reason


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bad_member_is_refused_by_itself(name):
    found = unpacking.unpack(name, MEMBERS[name].body, total_bytes=TOTAL_BYTES)

    assert not isinstance(found, Refused), found
    (member,) = found
    assert member.refused is not None
    assert member.refused.code == MEMBERS[name].code
    assert member.body is None


def test_good_members_beside_bad_ones_are_had_as_they_were_packed():
    files = {
        "klass/Anna Berg_1_assignsubmission_file_/uppsats.docx": corpus.a_docx(),
        "klass/inner.zip": corpus.nested_zip(0),
        "../up.txt": "x",
        "åäö.txt": b"\xff\xfe",
    }

    found = unpacking.unpack("klass.zip", corpus.a_zip(files), total_bytes=TOTAL_BYTES)

    assert [(member.name, member.path, member.body) for member in found] == [
        ("uppsats.docx", next(iter(files)), next(iter(files.values()))),
        ("inner.zip", "klass/inner.zip", None),
        ("up.txt", "../up.txt", None),
        ("åäö.txt", "åäö.txt", b"\xff\xfe"),
    ]


def test_all_members_together_may_have_only_so_much():
    files = {f"{n}.txt": b"x" * 1000 for n in range(10)}

    assert len(unpacking.unpack("a.zip", corpus.a_zip(files), total_bytes=10_000)) == 10
    found = unpacking.unpack("a.zip", corpus.a_zip(files), total_bytes=9_999)
    assert found.code == "archive_bomb"


def test_names_that_macos_wrote_are_read_as_it_meant_them():
    archive = bytearray(corpus.a_zip({"Bo Öström.txt": "x"}))
    for sign, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        archive[archive.find(sign) + offset] &= ~0x08

    (member,) = unpacking.unpack("a.zip", bytes(archive), total_bytes=TOTAL_BYTES)

    assert member.name == "Bo Öström.txt"
