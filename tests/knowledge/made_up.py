"""A made-up document with claims, to be spoilt in tests."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.claim import Document
from knowledge.claims import load_documents
from knowledge.passages import fingerprint, lines_of, passage

LEAF = """\
Een blad over thee

Wie drie koppen thee drinkt, slaapt korter dan wie er geen drinkt.

Boven de 80 mg cafeïne per dag neemt het hartkloppen toe, zo vond men
in een groep van 12 mensen.

Aan het eind van de middag is het beter te stoppen met thee en over te
gaan op water.

Wie 1,5 liter water drinkt heeft geen thee nodig, zegt de kweker.
"""


@dataclass
class MadeUp:
    """A knowledge folder with one made-up document, to be spoilt in tests.

    `claims` maps an id to its lines and figures; `write` gives every claim the hash of its passage in `text`.
    """

    root: Path
    text: str
    claims: dict[str, tuple[tuple[int, int], list[str]]] = field(default_factory=dict)

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def file(self) -> Path:
        return self.files / "leaf.txt"

    def write(self) -> "MadeUp":
        folder = self.documents / "leaf"
        folder.mkdir(parents=True, exist_ok=True)
        self.files.mkdir(exist_ok=True)
        self.file.write_bytes(self.text.encode())
        lines = lines_of(self.text)
        (folder / "document.toml").write_text(
            'id = "leaf"\ntitle = "Leaf"\ncite = "Leaf 2020"\npublisher = "Nobody"\nlanguage = "nl"\n'
            'date = "2020-03"\ndate_basis = "made up"\nobtained = "made up"\nfile = "leaf.txt"\n'
            f'sha256 = "{fingerprint(self.text)}"\nlines = {len(lines)}\n'
        )
        (folder / "claims.toml").write_text(
            "\n".join(
                f'[[claim]]\nid = "{claim_id}"\nsection = "Body"\nlines = [{first}, {last}]\n'
                f'statement = "What {claim_id} says."\nfigures = {figures}\napplies_to = {{drug = "leaf"}}\n'
                f'kind = "threshold"\naction = "Read."\nhooks = []\nuse = "card"\n'
                f'passage = "{fingerprint(passage(lines, first, last))}"\n'
                for claim_id, ((first, last), figures) in self.claims.items()
            )
        )
        return self

    def load(self) -> tuple[Document, ...]:
        return load_documents(self.documents)
