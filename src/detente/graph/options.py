"""Option form: decision makers have options, a state is the set of those taken, moves follow from who owns what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.moves import Moves
from detente.graph.patterns import Codes, Pattern, count_outside

MOST_OPTIONS = 62  # a code is an int64
MOST_STATES = 1 << 24  # more do not fit in memory with what is computed of them
MOST_PAIRS = 1 << 28  # of states that one decision maker may move between, where moves are listed one by one
CHUNK = 1 << 20

Direction = Literal["both", "forward", "back"]
Ban = tuple[Pattern, Pattern]


@dataclass(frozen=True)
class Removed:
    """How many of the 2^k states each infeasible pattern removes: after those before it, and by itself."""

    in_order: tuple[int, ...]
    alone: tuple[int, ...]


@dataclass(frozen=True)
class OptionForm:
    """A game in option form: who owns which options, which states can be, which moves are open.

    Options are numbered from 0, decision maker by decision maker; a state's code has bit o set where option o is
    taken. Decision maker i moves from s to any feasible t that differs from it in i's options only, as far as the
    direction of every option allows: ``forward`` options are taken and never dropped, ``back`` ones the other way
    round. States in between need not be feasible. Raises `UsageError` where no state is feasible, or too many are.

    Howard (1971), *Paradoxes of Rationality*; Fraser and Hipel (1984), *Conflict Analysis*.

    >>> form = OptionForm(owned=(2, 1), infeasible=(Pattern(0b011, 0b011),))
    >>> form.codes.tolist(), [form.text(s) for s in range(form.states)]
    ([0, 1, 2, 4, 5, 6], ['NNN', 'YNN', 'NYN', 'NNY', 'YNY', 'NYY'])
    >>> form.moves.reach(0, form.state("YNN")).tolist()
    [0, 2]
    """

    owned: tuple[int, ...]  # number of options of each decision maker
    directions: tuple[Direction, ...] = ()  # an option; all "both" where left out
    infeasible: tuple[Pattern, ...] = ()
    bans: tuple[Ban, ...] = ()  # no move leads from a state of the first pattern to one of the second
    merges: tuple[tuple[Pattern, ...], ...] = ()  # the states of each union of patterns are one state

    def __post_init__(self) -> None:
        if not self.owned or min(self.owned) < 0 or not 0 < self.options <= MOST_OPTIONS:
            raise UsageError(f"found {self.options} options; expected 1 to {MOST_OPTIONS}, owned by decision makers")
        if not self.directions:
            object.__setattr__(self, "directions", ("both",) * self.options)
        if len(self.directions) != self.options:
            raise UsageError(f"found {len(self.directions)} directions; expected one an option, {self.options}")
        if wrong := set(self.directions) - {"both", "forward", "back"}:
            raise UsageError(f"found the direction {sorted(wrong)[0]}; expected both, forward or back")
        everything = (1 << self.options) - 1
        for pattern in (
            *self.infeasible,
            *(p for pair in self.bans for p in pair),
            *(p for m in self.merges for p in m),
        ):
            if pattern.mask & ~everything or pattern.value & ~pattern.mask:
                raise UsageError(f"found {pattern}; expected a mask of {self.options} bits, and the value within it")

    @property
    def options(self) -> int:
        """Number of options, k."""
        return sum(self.owned)

    @property
    def makers(self) -> int:
        """Number of decision makers, n."""
        return len(self.owned)

    @property
    def states(self) -> int:
        """Number of states, N."""
        return len(self.codes)

    @property
    def owners(self) -> tuple[int, ...]:
        """The owner of each option."""
        return tuple(maker for maker, count in enumerate(self.owned) for _ in range(count))

    @property
    def masks(self) -> tuple[int, ...]:
        """Each decision maker's options, as bits."""
        lows = [sum(self.owned[:maker]) for maker in range(self.makers)]
        return tuple(((1 << count) - 1) << low for low, count in zip(lows, self.owned, strict=True))

    def one_way(self, direction: Direction) -> int:
        """The options of a direction, as bits."""
        return sum(1 << option for option, found in enumerate(self.directions) if found == direction)

    @property
    def transitive(self) -> bool:
        """Whether two moves of one decision maker in a row always make one move: no bans, nothing merged."""
        return not self.bans and not self.merges

    # --- states ----------------------------------------------------------------------------------------------------

    @cached_property
    def feasible(self) -> Codes:
        """The codes of all feasible states, before any are merged, ascending (int64).

        Options are decided one after another, and a beginning that an infeasible pattern already holds is dropped, so
        that the work follows the number of feasible states and not 2^k.
        """
        found = np.zeros(1, dtype=np.int64)
        if any(pattern.mask == 0 for pattern in self.infeasible):
            found = found[:0]
        mask = 0
        for option in self._order():
            bit = 1 << option
            mask |= bit
            decided = [p for p in self.infeasible if p.mask & bit and not p.mask & ~mask]
            sides = []
            for side, value in ((found, 0), (found | bit, bit)):
                for pattern in decided:
                    if pattern.value & bit == value:
                        side = side[~pattern.holds(side)]
                sides.append(side)
            if sum(map(len, sides)) > MOST_STATES:
                raise UsageError(
                    f"found more than {MOST_STATES:,} states after {mask.bit_count()} of {self.options} options; "
                    "expected fewer: name states that are infeasible, or leave options out"
                )
            found = np.concatenate(sides)
        if not len(found):
            raise UsageError("found no feasible state; expected at least one that no infeasible pattern holds")
        return found if self.options <= 22 else np.sort(found)

    def _order(self) -> list[int]:
        """The order in which options are decided: as they stand, or, where there are many, patterns soon complete."""
        if self.options <= 22:
            return list(range(self.options))
        order: list[int] = []
        rest = {pattern.mask for pattern in self.infeasible}
        done = 0
        while rest := {mask for mask in rest if mask & ~done}:
            nearest = min(rest, key=lambda mask: ((mask & ~done).bit_count(), mask))
            fresh = nearest & ~done
            order.append((fresh & -fresh).bit_length() - 1)
            done |= fresh & -fresh
        return order + [option for option in range(self.options) if not done >> option & 1]

    @cached_property
    def codes(self) -> Codes:
        """The code of every state, ascending, (N,) int64; merged states go by the lowest code among them."""
        return self.feasible if not self.merges else np.unique(self._lowest)

    @cached_property
    def _lowest(self) -> Codes:
        """For each feasible code, the lowest code of the state that it belongs to."""
        lowest = self.feasible.copy()
        taken = np.zeros(len(lowest), dtype=np.bool_)
        for union in self.merges:
            inside = np.zeros(len(lowest), dtype=np.bool_)
            for pattern in union:
                inside |= pattern.holds(self.feasible)
            if (inside & taken).any():
                code = self.feasible[inside & taken][0]
                raise UsageError(f"found the state {self._yes_no(code)} in two merges; expected each state in one")
            taken |= inside
            if inside.any():
                lowest[inside] = self.feasible[inside][0]
        return lowest

    @cached_property
    def state_of(self) -> NDArray[np.int32]:
        """The state, 0..N-1, that each code of `feasible` belongs to."""
        if not self.merges:
            return np.arange(self.states, dtype=np.int32)
        return np.searchsorted(self.codes, self._lowest).astype(np.int32)

    def members(self, state: int) -> Codes:
        """The codes that make up a state: one, or those merged into it."""
        if not self.merges:
            return self.feasible[state : state + 1]
        order, starts = self._by_state
        return self.feasible[order[starts[state] : starts[state + 1]]]

    @cached_property
    def _by_state(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places in `feasible` by state, and where each state's begin."""
        order = np.argsort(self.state_of, kind="stable")
        return order, np.searchsorted(self.state_of[order], np.arange(self.states + 1))

    def removed(self) -> Removed:
        """How many states each infeasible pattern removes, in order and by itself.

        >>> OptionForm((2, 1), infeasible=(Pattern(3, 3), Pattern(5, 5))).removed()
        Removed(in_order=(2, 1), alone=(2, 2))
        """
        counts = [0] * len(self.infeasible)
        if self.options <= 24:
            for low in range(0, 1 << self.options, CHUNK):
                left = np.arange(low, min(low + CHUNK, 1 << self.options))
                for index, pattern in enumerate(self.infeasible):
                    inside = pattern.holds(left)
                    counts[index] += int(inside.sum())
                    left = left[~inside]
        else:
            for index, pattern in enumerate(self.infeasible):
                earlier = (other.given(pattern) for other in self.infeasible[:index] if other.meets(pattern))
                counts[index] = count_outside(earlier, self.options - pattern.mask.bit_count())
        return Removed(tuple(counts), tuple(pattern.size(self.options) for pattern in self.infeasible))

    # --- names of states -------------------------------------------------------------------------------------------

    def table(self) -> NDArray[np.bool_]:
        """Whether each option is taken in each state, (N, k); of a merged state, in its lowest code."""
        return (self.codes[:, None] >> np.arange(self.options) & 1).astype(np.bool_)

    def text(self, state: int) -> str:
        """A state as Y and N, option 1 first; - where the states merged into it differ."""
        members = self.members(state)
        same = np.bitwise_and.reduce(members) | ~np.bitwise_or.reduce(members)
        return "".join(
            letter if same >> option & 1 else "-" for option, letter in enumerate(self._yes_no(int(members[0])))
        )

    def _yes_no(self, code: int) -> str:
        return "".join("NY"[int(code) >> option & 1] for option in range(self.options))

    def find(self, code: int) -> int | None:
        """The state, 0..N-1, that has a code, or into which it is merged; None where the code is infeasible."""
        place = int(np.searchsorted(self.feasible, code))
        if place == len(self.feasible) or self.feasible[place] != code:
            return None
        return int(self.state_of[place])

    def state(self, text: str | int) -> int:
        """The state, 0..N-1, that a person means by a code (`5`), by `YNY` (- for any) or by its number (`#3`).

        Raises `UsageError` where there is no such state.

        >>> form = OptionForm((1, 1), infeasible=(Pattern(3, 1),))
        >>> form.state(3), form.state("YY"), form.state("#3"), form.state("2")
        (2, 2, 2, 1)
        """
        written = str(text).strip()
        if written.startswith("#") and written[1:].isdecimal() and len(written) < 20:
            number = int(written[1:])
            if not 1 <= number <= self.states:
                raise UsageError(f"found the state {written}; expected #1 to #{self.states}")
            return number - 1
        if written.isdecimal() and len(written) < 20:
            code = int(written)
            if code >> self.options:
                raise UsageError(f"found the state {written}; expected a code from 0 to {(1 << self.options) - 1}")
            return self._feasible(written, self.find(code))
        if len(written) != self.options or set(written.upper()) - set("YN-"):
            example = self._yes_no(int(self.codes[0]))
            raise UsageError(
                f"found the state {written}; expected a code ({self.codes[0]}), a letter an option ({example}) or a "
                "number (#1)"
            )
        letters = {o: letter for o, letter in enumerate(written.upper()) if letter != "-"}
        pattern = Pattern(sum(1 << o for o in letters), sum(1 << o for o, letter in letters.items() if letter == "Y"))
        found = np.unique(self.state_of[pattern.holds(self.feasible)])
        if len(found) > 1:
            raise UsageError(f"found {len(found)} states in {written}; expected one")
        return self._feasible(written, int(found[0]) if len(found) else None)

    def _feasible(self, written: str, state: int | None) -> int:
        if state is None:
            raise UsageError(f"found the state {written}, which is infeasible; expected a feasible one")
        return state

    # --- moves -----------------------------------------------------------------------------------------------------

    @cached_property
    def moves(self) -> Moves:
        """All unilateral moves, one by one; a merged state has those of every state in it.

        For games of moderate size: raises `UsageError` where a decision maker has more than 2^28 pairs to look at.
        """
        indptr, indices = [], []
        for mask in self.masks:
            pairs = [np.zeros(0, dtype=np.int64), *self._pairs(mask)]
            joined = np.concatenate(pairs) if not self.merges else np.unique(np.concatenate(pairs))
            counts = np.bincount(joined // self.states, minlength=self.states)
            indptr.append(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
            indices.append((joined % self.states).astype(np.int32))
        return Moves(self.states, tuple(indptr), tuple(indices))

    def reach(self, maker: int, state: int) -> NDArray[np.int32]:
        """R_i(s): the states that `maker` reaches from `state` in one move, ascending; no other moves are looked at.

        >>> OptionForm((2, 1)).reach(0, 4).tolist()
        [5, 6, 7]
        """
        mask, feasible = self.masks[maker], self.feasible
        low, count = sum(self.owned[:maker]), 1 << self.owned[maker]
        forward, back = self.one_way("forward"), self.one_way("back")
        found = []
        for here in self.members(state):
            if count <= len(feasible):
                there = (here & ~mask) | (np.arange(count, dtype=np.int64) << low)
                place = np.minimum(np.searchsorted(feasible, there), len(feasible) - 1)
                place = place[feasible[place] == there]
            else:
                place = np.flatnonzero(feasible & ~mask == here & ~mask)
            there = feasible[place]
            open_ = (here & ~there & forward == 0) & (there & ~here & back == 0)
            for before, after in self.bans:
                if before.holds(np.array([here]))[0]:
                    open_ &= ~after.holds(there)
            found.append(self.state_of[place[open_]])
        reached = np.unique(np.concatenate(found))
        return reached[reached != state].astype(np.int32)

    def _pairs(self, mask: int) -> Iterator[NDArray[np.int64]]:
        """The moves along the options of `mask`, each as from * N + to, in chunks; ascending where nothing is merged."""
        codes, state_of = self.feasible, self.state_of.astype(np.int64)
        _, block, sizes = np.unique(codes & ~mask, return_inverse=True, return_counts=True)
        if (pairs := int((sizes.astype(np.int64) ** 2).sum())) > MOST_PAIRS:
            raise UsageError(f"found {pairs:,} pairs of states to list as moves; expected at most {MOST_PAIRS:,}")
        order = np.argsort(block, kind="stable")
        starts = np.concatenate([[0], np.cumsum(sizes)])[block]
        sizes = sizes[block]
        ends = np.cumsum(sizes)
        forward, back = self.one_way("forward"), self.one_way("back")
        low = 0
        while low < len(codes):
            high = max(low + 1, int(np.searchsorted(ends, ends[low] + CHUNK)))
            count = sizes[low:high]
            source = np.repeat(np.arange(low, high), count)
            offset = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
            target = order[starts[source] + offset]
            here, there = codes[source], codes[target]
            open_ = (
                (state_of[source] != state_of[target]) & (here & ~there & forward == 0) & (there & ~here & back == 0)
            )
            for before, after in self.bans:
                open_ &= ~(before.holds(here) & after.holds(there))
            yield state_of[source[open_]] * self.states + state_of[target[open_]]
            low = high
