"""What is found out once about a thing that does not change, however many ask."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, cast

T = TypeVar("T")


class Once:
    """Base of things that remember what was found out about them."""

    @property
    def known(self) -> dict[Any, Any]:
        """What was found out so far."""
        return cast(dict[Any, Any], vars(self).setdefault("_known", {}))

    def once(self, find: Callable[[Self], T]) -> T:
        """Find something out, once for all who ask; it may depend on nothing that differs.

        That is no weight where the same texts occur more or less often (`shares`).
        """
        if find not in self.known:
            self.known[find] = find(self)
        return cast(T, self.known[find])

    def shares(self, other: "Once") -> None:
        """Let another know what either finds out."""
        vars(other)["_known"] = self.known


Sharing = TypeVar("Sharing", bound=Once)


class shared_property(Generic[Sharing, T]):
    """A property that is found out once, for all who share what is known of a thing."""

    def __init__(self, find: Callable[[Sharing], T]) -> None:
        """Take the method that finds it out."""
        self.find = find
        self.__doc__ = find.__doc__

    def __get__(self, thing: Sharing, owner: type[Sharing] | None = None) -> T:
        """Find it out, or know it."""
        return thing.once(self.find)
