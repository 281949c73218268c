import subprocess
import sys

import pytest

# Eight threads hold memory at a time; the C library then tells its arenas, a <heap> each.
TELL = """
import ctypes, sys, threading
from robodensity.arenas import few_arenas
if sys.argv[1] == "few":
    few_arenas()
held = threading.Barrier(9)
def hold():
    kept = [bytes(2_000) for _ in range(1_000)]
    held.wait()
    held.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
for each in threads:
    each.start()
held.wait()
library = ctypes.CDLL(None)
library.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(library.fdopen(1, b"w"))
library.malloc_info(0, out)
library.fflush(out)
held.wait()
"""


@pytest.mark.parametrize(("how", "fewest", "most"), [("few", 1, 2), ("default", 3, 999)])
def test_few_arenas_are_all_that_threads_get(how: str, fewest: int, most: int) -> None:
    told = subprocess.run([sys.executable, "-c", TELL, how], check=True, capture_output=True, text=True).stdout
    assert fewest <= told.count("<heap nr=") <= most
