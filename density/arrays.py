"""The kinds of arrays that figures are kept in."""

from typing import Any

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.signedinteger[Any]]
Ratios = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
