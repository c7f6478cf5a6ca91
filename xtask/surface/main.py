"""Prints what an SDK says of the API, one fact a line: endpoint, subject, aspect and value, with tabs between.

    python main.py ARCHIVE

The archive is a wheel of the Python SDK or a package of the TypeScript SDK. Nothing of it is unpacked or run.
"""

import sys
import tarfile
import zipfile
import zlib

import python_source
import typescript_source
from surface import Unexpected, facts


def read(archive):
    """The endpoints, and of how many files they are."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            names = [name for name in opened.namelist() if python_source.wants(name)]
            return python_source, {name: opened.read(name).decode() for name in names}
    with tarfile.open(archive) as opened:
        files = {}
        for member in opened:
            if member.isfile() and typescript_source.wants(member.name):
                files[member.name] = opened.extractfile(member).read().decode()
        return typescript_source, files


def main(archive):
    try:
        source, files = read(archive)
        if not files:
            raise Unexpected("it holds none of the files that this reads")
        lines = facts(source.endpoints(files))
    except Unexpected as error:
        sys.exit(f"{archive} could not be read: {error}")
    except (OSError, EOFError, UnicodeDecodeError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        sys.exit(f"{archive} is no whole archive, so take it away and it is fetched again: {error}")
    print("\n".join(lines))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: main.py ARCHIVE")
    main(sys.argv[1])
