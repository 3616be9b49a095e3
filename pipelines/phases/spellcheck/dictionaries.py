"""Which words exist: Hunspell over dictionaries found on this computer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import hunspell
import regex

from pipelines.phases.spellcheck.words import Case
from pipelines.vocabulary import Language

# The first is needed; the others widen the language where the folder has them.
_NAMES = {Language.ENGLISH: ("en_US", "en_GB"), Language.SWEDISH: ("sv_SE",)}
_LONGEST_WORD = 60  # letters; Hunspell stops reading at about 100
_NO_TEXT = regex.compile(r"[\p{Cs}\0]")  # what UTF-8 or a C string cannot hold


class DictionaryMissingError(RuntimeError):
    """There is no dictionary for a language."""


@dataclass(frozen=True, slots=True)
class DictionaryFile:
    """One Hunspell dictionary on disk: `<folder>/<name>.aff` and `.dic`."""

    folder: Path
    name: str

    @property
    def exists(self) -> bool:
        """Whether both files are there."""
        return all(path.is_file() for path in self.paths)

    @property
    def paths(self) -> tuple[Path, Path]:
        """The affix rules and the word list."""
        return self.folder / f"{self.name}.aff", self.folder / f"{self.name}.dic"


class Dictionary:
    """The words of one language, as the union of its dictionaries.

    Args:
        language: which one.
        folder: looked in first, as `folder/en_US.dic` or `folder/en/en_US.dic`; after it come the
            dictionaries that the package spylls carries.

    Attributes:
        version: as the function of this name says it.

    Raises:
        DictionaryMissingError: neither place has the main dictionary of the language.
    """

    def __init__(self, language: Language, folder: Path | None = None) -> None:
        files = tuple(_find(language, folder))
        self.language = language
        self.version = _version(files)
        self._spellers = tuple(
            hunspell.Hunspell(file.name, hunspell_data_dir=str(file.folder)) for file in files
        )

    def __contains__(self, word: str) -> bool:
        """Whether the word, written in just this case, is in one of the dictionaries."""
        if not 0 < len(word) <= _LONGEST_WORD or _NO_TEXT.search(word):
            return False
        return any(speller.spell(word) for speller in self._spellers)

    def case_of(self, word: str) -> Case:
        """The first way of writing a word that is in one of the dictionaries.

        Args:
            word: in lower case.
        """
        return Case.LOWER if word in self else self.case_of_unknown(word)

    def case_of_unknown(self, word: str) -> Case:
        """The first way of writing with capitals a word that is in no dictionary in small letters.

        Args:
            word: in lower case.
        """
        _, capitalised, capitals = forms(word)
        # Hunspell takes capitals for a word that it has in any case: one question for two.
        if capitals not in self:
            return Case.NONE
        return Case.CAPITALISED if capitalised in self else Case.CAPITALS


def forms(word: str) -> tuple[str, str, str]:
    """A word as written in small letters, with a first capital and in capitals, as `Case` counts them.

    Args:
        word: in lower case.
    """
    return word, word[:1].upper() + word[1:], word.upper()


def version(language: Language, folder: Path | None = None) -> str:
    """Names and content digests of a language's dictionaries, such as `en_US@1f0c9a…`.

    Args:
        language: which one.
        folder: as for `Dictionary`.

    Raises:
        DictionaryMissingError: neither place has the main dictionary of the language.
    """
    return _version(_find(language, folder))


def _version(files: Iterable[DictionaryFile]) -> str:
    return "+".join(f"{file.name}@{_digest(file.paths)}" for file in files)


def _find(language: Language, folder: Path | None) -> Iterator[DictionaryFile]:
    needed, *welcome = _NAMES[language]
    folders = tuple(_folders(language, folder))
    main = _first(needed, folders)
    if main is None:
        raise DictionaryMissingError(f"No {needed}.aff and {needed}.dic in {_listed(folders)}.")
    yield main
    yield from filter(None, (_first(name, folders) for name in welcome))


def _folders(language: Language, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        yield folder / language
    # Only the files are wanted; importing spylls would load a spell checker that is not used.
    spec = find_spec("spylls")
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "hunspell" / "data" / language


def _first(name: str, folders: Iterable[Path]) -> DictionaryFile | None:
    candidates = (DictionaryFile(folder, name) for folder in folders)
    return next((file for file in candidates if file.exists), None)


def _listed(folders: Iterable[Path]) -> str:
    return ", ".join(str(folder) for folder in folders) or "any folder"


def _digest(paths: Iterable[Path]) -> str:
    content = sha256()
    for path in paths:
        content.update(path.read_bytes())
    return content.hexdigest()[:12]
