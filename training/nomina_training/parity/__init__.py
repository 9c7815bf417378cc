"""Golden vectors that hold the TypeScript app to the same pixels, logits and texts; format: test/parity/golden.md."""

from .vectors import check_golden, write_golden

__all__ = ["check_golden", "write_golden"]
