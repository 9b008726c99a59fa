"""The seam where an engine that masks is chosen: one function from (paths and masks, key) to a masker.

The reference engine is here; another one (see ``gateway.masking``) has to give the same bytes or refuse the same bodies.
"""

from collections.abc import Callable, Mapping

from stanch.contain.mask import Masked, mask_json
from stanch.contain.path import compile_paths
from stanch.contain.replace import masks

Masker = Callable[[bytes], Masked]
"""One JSON document to the masked one; raises MaskError where it can't be sure."""
MakeMasker = Callable[[Mapping[str, str], bytes], Masker]
"""Path to action (``drop`` or a mask's name), and the key for hashes."""


def reference(actions: Mapping[str, str], key: bytes) -> Masker:
    root = compile_paths(dict(actions))
    replacements = masks(key)
    return lambda body: mask_json(body, root, replacements)
