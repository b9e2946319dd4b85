"""Several files in one: a ZIP archive, its members as they are.

``zipfile`` was measured and left out: it brings 20 modules into the engine, two of which Pyodide does not have
(``bz2``, ``lzma``), for emails that are smaller than their compression would save. It is used where it is worth
it: the tests read every archive back with it.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable
from struct import pack
from typing import Final

# 1 January 1980, 0:00, the earliest there is: nothing here reads a clock.
_DATE: Final = (1 << 5) | 1
# What a member needs to be read (2.0), and that its name is UTF-8 (APPNOTE.TXT 4.4.3 and 4.4.4).
_VERSION: Final = 20
_UTF8_NAME: Final = 1 << 11


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP archive (PKWARE APPNOTE.TXT 6.3) of files, by their names, in their order."""
    members, directory, count = bytearray(), bytearray(), 0
    for name, content in files:
        named = name.encode()
        # Flags, stored as it is, time, date, checksum, both sizes, the length of the name, nothing extra.
        common = pack(
            "<HHHHHLLLHH",
            _VERSION,
            _UTF8_NAME,
            0,
            0,
            _DATE,
            crc32(content),
            len(content),
            len(content),
            len(named),
            0,
        )
        directory += (
            pack("<4sH", b"PK\1\2", _VERSION) + common + pack("<HHHLL", 0, 0, 0, 0, len(members)) + named
        )
        members += b"PK\3\4" + common + named + content
        count += 1
    end = pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(directory), len(members), 0)
    return bytes(members + directory + end)
