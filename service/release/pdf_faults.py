"""What the PDF library raises over a damaged file: it documents one error, and trips over many things."""

import struct
import zlib

from pdfminer.psparser import PSException

PDF_FAULTS = (
    PSException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    NotImplementedError,
    OverflowError,
    ZeroDivisionError,
    RecursionError,
    EOFError,
    zlib.error,
    struct.error,
)
