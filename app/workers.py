"""Several workers: uvicorn's own supervisor, which here hears at once that a worker is dead.

It asks each worker whether it lives, and waits for the answer as long as one may take to load. Since it keeps the worker's
end of the pipe open too, the pipe of one that was killed with the question in hand looks like that of one that thinks: it
would be replaced a minute later, and with it all that died in that minute.
"""

from uvicorn.supervisors import Multiprocess


class Workers(Multiprocess):
    """The workers, and who starts them again."""

    def init_processes(self) -> None:
        """Start them."""
        super().init_processes()
        self._let_go()

    def keep_subprocess_alive(self) -> None:
        """Replace those that are dead, or do not answer."""
        super().keep_subprocess_alive()
        self._let_go()

    def restart_all(self) -> None:
        """Replace all, one after the other (SIGHUP)."""
        super().restart_all()
        self._let_go()

    def _let_go(self) -> None:
        """Of the ends that the workers have: only they hold them then, and what a dead one held is closed."""
        for process in self.processes:
            process.child_conn.close()
