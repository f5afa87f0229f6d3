"""What the verifier says: in Chinese and English, since the file travels without catalogues."""

from dataclasses import dataclass

# As many faults of one kind as people read; all are counted.
SHOWN = 20


@dataclass(frozen=True)
class Said:
    """One check: whether it came out well, None where it could not be made, and what was seen."""

    is_well: bool | None
    zh: str
    en: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        mark = {True: "通过 OK", False: "不符 FAULT", None: "未核 NOT CHECKED"}[self.is_well]
        shown = [f"    {each}" for each in self.details[:SHOWN]]
        more = len(self.details) - len(shown)
        rest = [f"    …… 另有 {more} 处 and {more} more"] if more > 0 else []
        return "\n".join([f"[{mark}] {self.zh}", f"    {self.en}", *shown, *rest])


def well(zh: str, en: str) -> Said:
    return Said(True, zh, en)


def fault(zh: str, en: str, details: list[str] | tuple[str, ...] = ()) -> Said:
    return Said(False, zh, en, tuple(details))


def not_checked(zh: str, en: str) -> Said:
    return Said(None, zh, en)
