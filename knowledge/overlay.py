"""A site's own codes: more addresses for a code system, codes a list lacks, and codes it should not hold."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import tomli

from knowledge.codes import Codes, add_code, normal
from knowledge.fault import KnowledgeFault, fail, only_keys, text_of, texts_of
from knowledge.library import Library
from knowledge.medicine import Hit, Medicines

_ENTRY = ("list", "medicine", "system", "code", "match", "state", "label")


def with_overlay(library: Library, path: Path) -> Library:
    """The library with the site's changes.

    `[alias]` maps a short name of codes/systems.toml to more URIs; each `[[add]]` and `[[remove]]` names a `list` or a
    `medicine`, a `system` and a `code`, and for lists `match` (exact, prefix or range) and `state`.
    Raises KnowledgeFault.
    """
    table = _read(path)
    only_keys(table, ("alias", "add", "remove"), path.name)
    codes, medicines = _copy(library.codes), replace(library.medicines, by_code=dict(library.medicines.by_code))
    _add_aliases(codes, table.get("alias", {}), path.name)
    for verb in ("add", "remove"):
        entries = table.get(verb, [])
        if not isinstance(entries, list):
            fail(path.name, f"[[{verb}]] is not a list of tables.", f"Write [[{verb}]] above each entry.")
        for number, entry in enumerate(entries, start=1):
            where = f"{path.name}: [[{verb}]] {number}"
            _change(verb, _entry(entry, where, codes), where, codes, medicines)
    return replace(library, codes=codes, medicines=medicines)


def _read(path: Path) -> dict[str, object]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fail(path.name, "is missing.", f"Put it at {path.parent.name}/{path.name}, or take it out of the settings.")
    except UnicodeDecodeError as error:
        fail(path.name, f"is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")
    except tomli.TOMLDecodeError as error:
        raise KnowledgeFault(f"{path.name}: not TOML: {error}. Mend that line.") from error


def _copy(codes: Codes) -> Codes:
    return replace(
        codes,
        systems=dict(codes.systems),
        exact={key: list(listed) for key, listed in codes.exact.items()},
        prefix={key: list(listed) for key, listed in codes.prefix.items()},
        ranges=list(codes.ranges),
        removed=set(codes.removed),
        names=set(codes.names),
    )


def _add_aliases(codes: Codes, table: object, name: str) -> None:
    if not isinstance(table, Mapping):
        fail(name, "[alias] is not a table.", 'Write [alias] and below it cnk = ["https://…"].')
    for short in table:
        where = f"{name}: alias {short}"
        if short not in codes.systems.values():
            known = ", ".join(sorted(set(codes.systems.values())))
            fail(where, "is no short name of a code system.", f"Use one of: {known}.")
        for uri in texts_of(table, short, where):
            other = codes.system_of(uri)
            if other not in (None, short):
                fail(where, f'"{uri}" already stands for {other}.', "One address cannot stand for two systems.")
            codes.systems[uri] = codes.systems[uri.rstrip("/").lower()] = short


def _entry(entry: object, where: str, codes: Codes) -> dict[str, str]:
    if not isinstance(entry, Mapping):
        fail(where, "is not a table.", 'Write list = "…", system = "…" and code = "…".')
    only_keys(entry, _ENTRY, where)
    if ("list" in entry) == ("medicine" in entry):
        fail(where, "names no list and no medicine, or both.", 'Write either list = "…" or medicine = "…".')
    row = {key: text_of(entry, key, where) for key in entry}
    for key in ("system", "code"):
        text_of(entry, key, where)
    row["system"] = codes.system_of(row["system"]) or row["system"]
    return {"match": "exact", **row}


def _change(verb: str, row: dict[str, str], where: str, codes: Codes, medicines: Medicines) -> None:
    if "medicine" in row:
        _change_medicine(verb, row, where, codes, medicines)
        return
    name = row["list"]
    if name not in codes.names:
        fail(where, f'"{name}" is no code list.', f"Use one of: {', '.join(sorted(codes.names))}.")
    code = normal(row["system"], row["code"])
    if verb == "add":
        codes.removed.discard((row["system"], code, name))
        add_code(codes, name, row, where)
        return
    if name not in {listed.name for listed in codes.lists_of(row["system"], code)}:
        fail(where, f'{row["system"]} {row["code"]} is not in "{name}".', "Correct the code, or take the entry out.")
    if row["match"] == "prefix":
        kept = [listed for listed in codes.prefix.get((row["system"], code), ()) if listed.name != name]
        codes.prefix[row["system"], code] = kept
    codes.removed.add((row["system"], code, name))


def _change_medicine(verb: str, row: dict[str, str], where: str, codes: Codes, medicines: Medicines) -> None:
    if row["medicine"] not in medicines.by_id:
        fail(where, f'"{row["medicine"]}" is no medicine.', "Use the name of a file under medicines/, without .toml.")
    if row["system"] not in codes.systems.values():
        fail(where, f'the system "{row["system"]}" is not known.', "Give it a short name under [alias].")
    key = (row["system"], row["code"])
    if verb == "add":
        medicines.by_code[key] = Hit(row["medicine"])
    elif medicines.by_code.pop(key, None) is None:
        fail(where, f"{row['system']} {row['code']} names no medicine.", "Correct the code, or take the entry out.")
