"""What a reference may be resolved to: the resources of a call by `Type/id` and by address. Most calls resolve none or
few, so nothing is filed until the first one is looked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.intake.elements import Json, text

Addressed = tuple[str, Json]  # (fullUrl or "", resource)


class Included(Mapping[str, Json]):
    """Resources by name. `kept` leaves some out, judged as they are looked for."""

    def __init__(self, entries: Iterable[Addressed] = (), kept: Callable[[Json], bool] | None = None) -> None:
        self._entries: list[Addressed] = list(entries)
        self._filed: dict[str, Json] | None = None
        self._kept = kept

    def only(self, kept: Callable[[Json], bool]) -> "Included":
        """The same without those of which `kept` is not true."""
        return Included(self._entries, kept)

    def __getitem__(self, name: str) -> Json:
        found = self._by_name()[name]
        if self._kept is not None and not self._kept(found):
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, item in self._by_name().items() if self._kept is None or self._kept(item))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _by_name(self) -> dict[str, Json]:
        if self._filed is None:
            self._filed = dict(_named(self._entries))
        return self._filed


def _named(entries: Iterable[Addressed]) -> Iterator[tuple[str, Json]]:
    for url, resource in entries:
        kind, identity = text(resource.get("resourceType")), text(resource.get("id"))
        if url:
            yield url, resource
        if kind and identity:
            yield f"{kind}/{identity}", resource
            yield f"urn:uuid:{identity}", resource  # Bundles of whole records refer so to a resource of this id
