"""What can be wrong with a CDS Hooks request.

RequestFault
"""


class RequestFault(Exception):
    """The request breaks CDS Hooks. `path` is where (in FHIRPath), `code` a FHIR issue type; never a value."""

    def __init__(self, path: str, what: str, code: str = "invalid") -> None:
        super().__init__(f"{path}: {what}")
        self.path, self.what, self.code = path, what, code
