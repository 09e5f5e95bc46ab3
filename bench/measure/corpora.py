"""The trees that are snapshotted. bench/make-corpora makes them; each has two or three versions of the same folder."""

import os

from . import files

ABOUT = {
    "kernel": "three releases of Debian's kernel source package",
    "postgres": "a PostgreSQL data folder, before and after pgbench, stopped",
    "npm": "node_modules of one package.json at two dates",
}


class Corpus:
    """
    A folder `tree` that is each version in turn. A version is shown by renaming its folder, so the programs see one path
    whose files are all other files (inode, times), and the page cache stays as it was. Put back by close.
    """

    def __init__(self, root, name):
        self.name = name
        self.folder = os.path.join(os.path.realpath(root), name)
        self.tree = os.path.join(self.folder, "tree")
        self._recover()
        self.versions = sorted(int(n) for n in os.listdir(self.folder) if n.isdigit())
        self.sizes = {}
        self._shown = None

    def _recover(self):
        """A run that was killed leaves a version under the name `tree`: it gets the number that is missing."""
        if os.path.isdir(self.tree):
            with open(os.path.join(self.folder, "shown"), encoding="ascii") as note:
                os.rename(self.tree, os.path.join(self.folder, note.read().strip()))

    def show(self, version):
        """Makes `tree` that version and reads it."""
        if self._shown != version:
            self.close()
            with open(os.path.join(self.folder, "shown"), "w", encoding="ascii") as note:
                note.write(str(version))
            os.rename(os.path.join(self.folder, str(version)), self.tree)
            self._shown = version
        if version not in self.sizes:
            self.sizes[version] = files.size(self.tree)
        files.warm(self.tree)

    def close(self):
        """Gives the version shown its own name again."""
        if self._shown is not None:
            os.rename(self.tree, os.path.join(self.folder, str(self._shown)))
            self._shown = None


def present(root, name):
    """Whether make-corpora has made it."""
    return os.path.exists(os.path.join(root, name, "complete"))
