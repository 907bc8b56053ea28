"""The arrays that theory takes, filled from drawn numbers: here names become places in an array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, OutcomeInputs, TalksInputs
from detente.errors import Fault, InputError
from detente.scenario.sampling import Values
from detente.scenario.situation import Situation


def outcome_inputs(
    situation: Situation, values: Values, *, count_backing: bool = False, keys: NDArray[np.uint64] | None = None
) -> OutcomeInputs:
    """The arrays of the outcome models. Every actor enters, excluded parties and mediators too.

    Capability is the actor's own, (D, n); with `count_backing` it is effective strength, its own and the shares of
    others' committed to its fight: ``M_i = m_i + sum_k b[k, i] m_k``.
    `keys` (D,) are the seeds of models that have chance in them.
    """
    reader = _Reader(situation, values)
    capability = reader.actors("capability")
    if count_backing:
        capability = capability + np.einsum("dki,dk->di", reader.backing(), capability)
    low, high = reader.scales()
    position, salience = reader.stances()
    heeds = reader.accommodation()
    return OutcomeInputs(position, salience, capability, reader.status_quo(), low, high, heeds, keys)


def talks_inputs(situation: Situation, values: Values) -> TalksInputs:
    """The arrays of the talks models; the situation must have talks.

    Raises `InputError` naming the first number that is missing.
    """
    reader = _Reader(situation, values)
    low, high = reader.scales()
    position, salience = reader.stances()
    level, bite = reader.levers()
    actors = situation.actors
    return TalksInputs(
        position=position,
        salience=salience,
        status_quo=reader.status_quo(),
        low=low,
        high=high,
        capability=reader.actors("capability"),
        backing=reader.backing(),
        base_cost=reader.actors("cost_of_fighting"),
        lever_level=level,
        bite=bite,
        side_payment=reader.actors("side_payment"),
        audience_cost=reader.actors("audience_cost"),
        betrayal_loss=reader.actors("betrayal_loss"),
        curvature=reader.actors("curvature"),
        concession=reader.actors("concession"),
        decided_per_month=reader.talks("decided_per_month"),
        discount=reader.talks("discount"),
        decisiveness=reader.talks("decisiveness"),
        success=reader.talks("success"),
        kept=reader.talks("kept"),
        consent_softness=reader.talks("consent_softness"),
        strength_drift=reader.talks("strength_drift"),
        walkout_rate=reader.talks("walkout.rate"),
        walkout_threshold=reader.talks("walkout.threshold"),
        deadline=reader.talks("deadline").astype(np.int64),
        belligerent=np.array([situation.roles[actor] == "belligerent" for actor in actors], dtype=bool),
        required=np.array([actor in situation.required for actor in actors], dtype=bool),
        mediator=None if situation.mediator is None else actors.index(situation.mediator),
    )


class _Reader:
    """Numbers as used, by path, into whole arrays."""

    def __init__(self, situation: Situation, values: Values):
        self.situation = situation
        self.used = values.used
        self.size = values.size
        self.actor = {actor: i for i, actor in enumerate(situation.actors)}

    def number(self, path: str) -> Floats:
        """(D,) or (1,)."""
        try:
            return self.used[path]
        except KeyError:
            raise InputError(Fault("found no number", "expected one: the model cannot do without", path)) from None

    def actors(self, name: str) -> Floats:
        """(D, n): a number of each actor."""
        found = np.empty((self.size, len(self.actor)))
        for actor, i in self.actor.items():
            found[:, i] = self.number(f"actors.{actor}.{name}")
        return found

    def talks(self, name: str) -> Floats:
        """(D,): a number of the talks."""
        found = np.empty(self.size)
        found[:] = self.number(f"talks.{name}")
        return found

    def scales(self) -> tuple[Floats, Floats]:
        """(k,) each: the ends of the issues' scales."""
        ends = np.array([self.situation.scales[issue] for issue in self.situation.issues], dtype=np.float64)
        low, high = ends.reshape(-1, 2).T
        return low.copy(), high.copy()

    def status_quo(self) -> Floats:
        """(D, k)."""
        found = np.empty((self.size, len(self.situation.issues)))
        for k, issue in enumerate(self.situation.issues):
            found[:, k] = self.number(f"issues.{issue}.status_quo")
        return found

    def stances(self) -> tuple[Floats, Floats]:
        """Position, NaN where there is no stance, and salience, 0 there: (D, n, k) each."""
        shape = (self.size, len(self.actor), len(self.situation.issues))
        position, salience = np.full(shape, np.nan), np.zeros(shape)
        issues = {issue: k for k, issue in enumerate(self.situation.issues)}
        for actor, issue in self.situation.stances:
            i, k = self.actor[actor], issues[issue]
            position[:, i, k] = self.number(f"stances.{actor}.{issue}.position")
            salience[:, i, k] = self.number(f"stances.{actor}.{issue}.salience")
            # A what-if takes a stance away by a position of NaN.
            salience[np.isnan(position[:, i, k]), i, k] = 0.0
        return position, salience

    def backing(self) -> Floats:
        """(D, n, n): the share of the first actor's capability committed to the second's fight."""
        found = np.zeros((self.size, len(self.actor), len(self.actor)))
        for tie in self.situation.ties:
            if tie.kind == "backs" and tie.share_path is not None:
                found[:, self.actor[tie.source], self.actor[tie.target]] = self.number(tie.share_path)
        return found

    def accommodation(self) -> Floats | None:
        """(D, n, n): how far the first actor's ideal follows the second's position; none where nobody has influence.

        A tie ``influences`` of a share; an actor follows itself with the rest, and where shares sum to more than 1
        they are divided by their sum.
        """
        ties = [tie for tie in self.situation.ties if tie.kind == "influences" and tie.share_path is not None]
        if not ties:
            return None
        found = np.zeros((self.size, len(self.actor), len(self.actor)))
        for tie in ties:
            assert tie.share_path is not None  # filtered above
            found[:, self.actor[tie.target], self.actor[tie.source]] = self.number(tie.share_path)
        found /= np.maximum(found.sum(axis=2, keepdims=True), 1.0)
        own = np.arange(len(self.actor))
        found[:, own, own] += 1.0 - found.sum(axis=2)
        return found

    def levers(self) -> tuple[Floats, Floats]:
        """Levels (D, l) and bites (D, l, n), 0 where a lever does not bite."""
        levers = self.situation.levers
        level = np.empty((self.size, len(levers)))
        bite = np.zeros((self.size, len(levers), len(self.actor)))
        for index, lever in enumerate(levers):
            level[:, index] = self.number(f"levers.{lever.id}.level")
            for actor in lever.bite:
                bite[:, index, self.actor[actor]] = self.number(f"levers.{lever.id}.bite.{actor}")
        return level, bite
