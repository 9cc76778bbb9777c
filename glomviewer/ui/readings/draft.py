"""What is chosen for a new reading: what stands against it, and what it would come to. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.readings.plan import hidden_repeats
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.ui.widgets.numbers import counted

CALLS = {
    Reveal.NEVER: "the model's call is never shown",
    Reveal.AFTER: "the model's call is shown after one's own",
    Reveal.AT_ONCE: "the model's call is shown at once",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is still to be said is in `missing`, what can't be so in `obstacle`.

    `patches` and `cases` count what is to be chosen from; `readers` those who are ticked;
    `taken` are the names of other readings; `has_model` says whether there are calls to show."""

    name: str = ""
    taken: tuple[str, ...] = ()
    patches: int = 0
    cases: int = 0
    kind: SampleKind = SampleKind.ALL
    size: int = 0
    seed: int = 1
    independent: bool = True
    order: Order = Order.SHUFFLED
    percent: float = 5.0
    reveal: Reveal = Reveal.AFTER
    readers: tuple[int, ...] = ()
    needed: int = 1
    has_model: bool = True

    @property
    def sample(self) -> Sample:
        return Sample(self.kind, self.size if self.kind is not SampleKind.ALL else 0, self.seed)

    @property
    def protocol(self) -> Protocol:
        """Raises:
        ValueError: the choices contradict each other; see `obstacle`.
        """
        return Protocol(self.independent, self.order, self.percent / 100, self.reveal, self.needed)

    def obstacle(self) -> str:
        """One sentence on what doesn't fit; "" where all does."""
        if not self.patches:
            return "There is no patch among these. Choose others."
        offered = self.cases if self.kind is SampleKind.CASES else self.patches
        if self.kind is not SampleKind.ALL and self.size > offered:
            what = ("case", "cases") if self.kind is SampleKind.CASES else ("patch", "patches")
            return f"There {_are(offered)} only {counted(offered, *what)} to choose from."
        if self.independent and self.reveal is Reveal.AT_ONCE:
            return (
                "A reading is independent only as long as the model's call is not shown at once. "
                "Show it after one's own or never, or make it an open reading."
            )
        if self.reveal is not Reveal.NEVER and not self.has_model:
            return "There is no model whose call could be shown. Choose “never”, or add a model."
        if self.readers and self.needed > len(self.readers):
            return (
                f"A patch can't be read by {self.needed} of {counted(len(self.readers), 'reader')}."
                " Tick more readers, or ask for fewer readings."
            )
        if self.name.strip() in self.taken:
            return f"There is a reading called “{self.name.strip()}” already. Take another name."
        return ""

    def missing(self) -> str:
        """What is still to be filled in."""
        if not self.readers:
            return "Tick who reads."
        return "" if self.name.strip() else "Give it a name."

    def sentence(self) -> str:
        """What will happen, before it does."""
        if not self.patches or not self.readers:
            return ""
        readers = counted(len(self.readers), "reader")
        each = self._each()
        about = "" if self._is_exact() else "about "
        repeats = hidden_repeats(each, self.percent / 100)
        again = f" and {counted(repeats, 'hidden repeat')}" if repeats else ""
        if not repeats and self.percent:
            again = ", too few for hidden repeats"
        per = "each" if len(self.readers) > 1 else "in all"
        patches = counted(each, "patch", "patches")
        blind = "Until a patch is called, nothing else about it can be seen; " * self.independent
        return (
            f"{readers}, {about}{patches} {per}{again}. {_capital(f'{blind}{CALLS[self.reveal]}.')}"
        )

    def _each(self) -> int:
        chosen = self.patches
        if self.kind is SampleKind.CASES and self.cases:
            chosen = round(self.patches * min(self.size, self.cases) / self.cases)
        elif self.kind is not SampleKind.ALL:
            chosen = min(self.size, self.patches)
        return max(1, round(chosen * min(self.needed, len(self.readers)) / len(self.readers)))

    def _is_exact(self) -> bool:
        return self.needed >= len(self.readers) and self.kind is not SampleKind.CASES


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
