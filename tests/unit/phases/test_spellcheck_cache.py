import gc
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.phases.spellcheck import cache
from pipelines.phases.spellcheck.image import DamagedImageError, pack, unpack
from pipelines.phases.spellcheck.lexicon import Lexicon, listed_words
from pipelines.vocabulary import Language

NAME = "words-en-0123"


class Maker:
    """Makes content, and remembers how often it did and what was said."""

    def __init__(self, content=None):
        self.content = pack("x", {}, {"said": "hello"}) if content is None else content
        self.made = 0
        self.warnings = []

    def open(self, folder, name=NAME):
        return cache.open_or_make(
            folder, name, make=self.make, use=self.use, warn=self.warnings.append
        )

    def make(self):
        self.made += 1
        return self.content

    def use(self, buffer):
        return unpack(buffer, "x")[1]["said"]


@pytest.fixture
def maker():
    return Maker()


def test_a_file_is_made_once(tmp_path, maker):
    assert [maker.open(tmp_path / "a" / "b") for _ in range(3)] == ["hello"] * 3
    assert (maker.made, maker.warnings) == (1, [])
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == [NAME]


@pytest.mark.parametrize("damage", [b"", b"short", b"GIF89a" + bytes(100)])
def test_an_unusable_file_is_made_again_and_that_is_said(tmp_path, maker, damage):
    (tmp_path / NAME).write_bytes(damage)

    assert maker.open(tmp_path) == "hello"
    assert maker.open(tmp_path) == "hello"

    assert maker.made == 1
    assert len(maker.warnings) == 1
    assert NAME in maker.warnings[0]


def test_a_file_cut_short_is_made_again(tmp_path, maker):
    maker.open(tmp_path)
    os.truncate(tmp_path / NAME, len(maker.content) - 1)

    assert maker.open(tmp_path) == "hello"
    assert (tmp_path / NAME).read_bytes() == maker.content


@pytest.mark.only_as_root
def test_a_file_of_another_user_is_not_trusted(tmp_path, maker):
    maker.open(tmp_path)
    os.chown(tmp_path / NAME, 12345, -1)

    assert maker.open(tmp_path) == "hello"
    assert (tmp_path / NAME).stat().st_uid == os.geteuid()
    assert "another user" in maker.warnings[0]


class TestWhereNothingCanBeKept:
    def test_the_content_is_used_from_memory_and_that_is_said(self, tmp_path, maker):
        (tmp_path / "a file").touch()

        assert maker.open(tmp_path / "a file" / "folder") == "hello"
        assert len(maker.warnings) >= 1

    def test_a_full_disk_leaves_nothing_behind(self, tmp_path, maker, monkeypatch):
        def full(_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)

        assert maker.open(tmp_path) == "hello"
        assert "No space left" in maker.warnings[0]
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.only_as_user
    def test_a_folder_may_be_read_only(self, tmp_path, maker):
        tmp_path.chmod(0o500)

        assert maker.open(tmp_path) == "hello"
        assert len(maker.warnings) == 1

    def test_a_user_may_have_no_home(self, maker):
        assert maker.open(None) == "hello"
        assert len(maker.warnings) == 1


def test_what_is_wrong_with_what_was_just_made_is_an_error(tmp_path):
    with pytest.raises(DamagedImageError):
        Maker(b"nonsense").open(tmp_path)


class TestSeveralAtOnce:
    def test_wait_for_the_one_that_makes_it(self, tmp_path, maker):
        assert self.opened(tmp_path, maker) == ["hello"] * 8
        assert maker.made == 1
        assert [path.name for path in tmp_path.iterdir()] == [NAME]

    @pytest.mark.parametrize("error", [BlockingIOError, OSError])
    def test_make_it_each_where_nobody_can_be_waited_for(self, tmp_path, maker, monkeypatch, error):
        def refuse(*_):
            raise error

        monkeypatch.setattr("fcntl.flock", refuse)
        monkeypatch.setattr(cache, "_PATIENCE_S", 0.1)

        assert self.opened(tmp_path, maker) == ["hello"] * 8
        assert maker.warnings == []

    @staticmethod
    def opened(folder, maker):
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda _: maker.open(folder), range(8)))


def test_files_of_the_same_kind_are_forgotten_when_long_unused(tmp_path, maker):
    names = ["words-en-old", ".words-en-old.tmp", "words-en-new", "words-sv-old", "else"]
    for name in names:
        (tmp_path / name).touch()
        if name.removesuffix(".tmp").endswith(("old", "else")):
            os.utime(tmp_path / name, (0, time.time() - 61 * 86400))

    maker.open(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {
        *(NAME, "words-en-new", "words-sv-old", "else")
    }


def test_a_file_in_use_counts_as_used(tmp_path, maker):
    maker.open(tmp_path)
    os.utime(tmp_path / NAME, (0, time.time() - 40 * 86400))

    maker.open(tmp_path)

    assert time.time() - (tmp_path / NAME).stat().st_mtime < 86400


class TestTheDefaultFolder:
    def test_is_the_users_cache(self, monkeypatch):
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setenv("HOME", "/homes/alma")

        assert cache.default_folder() == Path("/homes/alma/.cache/huleedu")

    @pytest.mark.parametrize(
        ("named", "folder"),
        [("/var/cache", "/var/cache/huleedu"), ("relative", "/homes/alma/.cache/huleedu")],
    )
    def test_is_where_the_environment_says_if_that_is_a_whole_path(
        self, monkeypatch, named, folder
    ):
        monkeypatch.setenv("XDG_CACHE_HOME", named)
        monkeypatch.setenv("HOME", "/homes/alma")

        assert cache.default_folder() == Path(folder)


class TestALexicon:
    @pytest.fixture
    def folder(self, tmp_path):
        """Dictionaries small enough to be read again for every test."""
        (tmp_path / "en_US.aff").write_text("SET UTF-8\n")
        (tmp_path / "en_US.dic").write_text("4\nhello\nLondon\nNATO\ngibberishly\n")
        return tmp_path

    def test_says_how_far_it_is_only_while_an_index_is_made(self, folder, monkeypatch):
        frequencies = {"hello": 1e-4, "london": 1e-4, "nato": 1e-5, "wrold": 1e-5, "rarely": 1e-9}
        monkeypatch.setattr("wordfreq.get_frequency_dict", lambda *_: frequencies)
        told = []

        def lexicon():
            return Lexicon(
                *(Language.ENGLISH, folder),
                cache_folder=folder / "cache",
                progress=lambda *each: told.append(each),
            )

        for _ in ("made", "opened"):
            each = lexicon()
            assert each.in_its_case("london") == "London"
            assert each.in_its_case("nato") == "NATO"
            assert each.in_its_case("wrold") is None
            assert each.in_its_case("gibberishly") == "gibberishly"
            assert [each.knows(word) for word in ("london", "London", "LONDON", "lonDon")] == [
                *(False, True, True, False)
            ]
            assert each.knows("gibberishly")
            assert not each.knows("\ud800\0")
            assert each.frequency("hello") == 1e-4
            assert each.frequency("unheard") == 0
            assert each.zipf("Hello") == pytest.approx(5)
            del each
            gc.collect()  # as long as somebody uses an index, nobody opens its file again
        assert told == [(0, 4), (4, 4)]

    def test_shares_its_words_with_who_needs_no_dictionary(self, folder, monkeypatch):
        monkeypatch.setattr("wordfreq.get_frequency_dict", lambda *_: {"hello": 1e-4})
        lexicon = Lexicon(Language.ENGLISH, folder, cache_folder=folder / "cache")

        assert listed_words(Language.ENGLISH, folder, folder / "cache") is lexicon.words

    def test_of_other_dictionaries_has_another_file(self, folder, monkeypatch):
        monkeypatch.setattr("wordfreq.get_frequency_dict", lambda *_: {"zorblax": 1e-4})

        def known():
            return Lexicon(Language.ENGLISH, folder, cache_folder=folder / "cache").knows("zorblax")

        before = known()
        (folder / "en_US.dic").write_text("1\nzorblax\n")

        assert (before, known()) == (False, True)
        assert len(list((folder / "cache").iterdir())) == 2

    def test_has_british_spellings_of_american_words(self, folder, monkeypatch):
        frequencies = {"colour": 1e-4, "color": 1e-4, "colur": 1e-5}
        monkeypatch.setattr("wordfreq.get_frequency_dict", lambda *_: frequencies)
        (folder / "en_US.dic").write_text("1\ncolor\n")

        lexicon = Lexicon(Language.ENGLISH, folder, cache_folder=folder / "cache")

        assert [lexicon.knows(word) for word in ("colour", "Colour", "color", "colur")] == [
            *(True, True, True, False)
        ]
        assert len(lexicon.words.near("colur", 1).ids) == 2
