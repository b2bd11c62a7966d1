"""The knowledge base as this site knows it: what is shipped, with the products and codes of the site folder."""

from pathlib import Path

from knowledge.library import Library, read_library
from knowledge.site import read_site

PRODUCTS, CODES = "products.csv", "codes.toml"


def site_library(site: Path | None) -> Library:
    """The knowledge base, with products.csv and codes.toml of the site folder where they are there.

    Raises KnowledgeFault, naming file and line.
    """
    library = read_library()
    if site is None:
        return library
    products, codes = (path if path.exists() else None for path in (site / PRODUCTS, site / CODES))
    return read_site(library, products, codes) if products or codes else library
