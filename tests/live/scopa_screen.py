"""A screen that shows a match of scopa from its stream alone, and complains of what cannot be."""

from __future__ import annotations

from typing import Any

from app.games.api import Json

Cards = dict[int, Json]  # by their ids
DECK = 40


class Screen:
    """The groups of cards as a client has them, message after message."""

    def __init__(self) -> None:
        self.groups: dict[str, Json] = {}
        self.held: dict[str, Cards] = {}
        self.waiting: str | None = None
        self.first: str | None = None
        self.winners: list[str] | None = None
        self.totals = [0, 0]
        self.shouts: list[tuple[str, Any]] = []

    def show(self, message: Json) -> None:
        assert message["infos"] or message["moves"] or message["cards"]
        assert self.winners is None, "something comes after the winner"
        self.waiting = None
        for entry in message["infos"]:
            assert entry.keys() == {"info", "data"}
            getattr(self, f"_{entry['info']}", self._shout(entry["info"]))(entry["data"])
        groups = message["cards"]
        if groups and groups[0]["id"] == "main_deck" and groups[0]["length"] == DECK:
            self._clear()
        for move in message["moves"]:
            self._move(move)
        for group in groups:
            known = self.groups[group["id"]]
            assert group.keys() == known.keys()
            self.groups[group["id"]] = group
        for group in {group["id"]: group for group in groups}.values():
            assert group["length"] == len(self.held[group["id"]]), group

    def values(self, group: str) -> list[tuple[int, int, int, int]]:
        """A group's cards in the order in which they came: id, suit, value, what it stands for."""
        return [
            (card["id"], card["suit"], card["value"], card.get("new_value", card["value"]))
            for card in self.held[group].values()
        ]

    def _cards_description(self, groups: list[Json]) -> None:
        assert not self.groups, "the groups are described once, first"
        self.groups = {group["id"]: group for group in groups}
        self.dealt = {id: group["length"] for id, group in self.groups.items()}
        self.held = {id: {} for id in self.groups}
        self._clear()

    def _clear(self) -> None:
        for cards in self.held.values():
            cards.clear()
        self.held["main_deck"] = {id: {"id": id} for id in range(DECK)}

    def _move(self, move: Json) -> None:
        source, dest = self.held[move["source"]], self.held[move["dest"]]
        assert move["cards"], "a move of no cards"
        assert ("visible_to" in move) is not move["visible"]
        if "move_on" in move:
            assert move["move_on"]["id"] in dest
        for card in move["cards"]:
            shown = source.pop(card["id"])
            if shown.get("value"):
                assert card["value"], "a card that was seen is hidden again"
                assert (shown["suit"], shown["value"]) == (card["suit"], card["value"])
            # A card in the deck might be any: it is dealt anew.
            dest[card["id"]] = {"id": card["id"]} if move["dest"] == "main_deck" else card

    def _waiting(self, name: str) -> None:
        self.waiting = name

    def _first_player(self, name: str) -> None:
        self.first = name

    def _winner(self, names: list[str]) -> None:
        self.winners = names

    def _summary(self, sides: list[Json]) -> None:
        for team, side in enumerate(sides):
            points = side["total"] - self.totals[team]
            assert points == side["partial"]
            self.totals[team] = side["total"]
            pile = self.held[f"cards_{team}"]
            assert side["cards"] == len(pile)
            assert side["coins"] == sum(card["suit"] == 0 for card in pile.values())
            # What is shown beside the pile is a point each.
            shown = len(self.groups[f"cards_{team}"]["side_cards"])
            assert shown == side["scopa"] + side.get("declared", 0)

    def _shout(self, kind: str) -> Any:
        return lambda data: self.shouts.append((kind, data))
