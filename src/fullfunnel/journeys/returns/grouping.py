"""What a visit belongs to, as a column of its own: its channel by the workspace's rules, or one of its campaigns."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.datasets.spending import Program

# The column that questions about stages and attribution are asked by.
COLUMN = "campaign"
CHANNEL_GROUP = "channel_group"


def with_channels(index: Index, by: str) -> Index:
    """Return the index with channels in the place of COLUMN."""
    return replace(index, column=lambda name: index.column(by if name == COLUMN else name))


def with_programs(index: Index, programs: Sequence[Program]) -> Index:
    """Return the index with the keys of programs in the place of COLUMN; a tag that is no program's stays what it is."""

    def column(name: str) -> tuple[Column, Column]:
        return _programs(index, programs) if name == COLUMN else index.column(name)

    return replace(index, column=column)


def value_of(program: Program, by: str) -> str:
    """Return the row that a campaign's spend belongs to."""
    return {"campaign": program.key, "channel": program.channel}.get(by, program.group)


def _programs(index: Index, programs: Sequence[Program]) -> tuple[Column, Column]:
    tags, channels = index.column(COLUMN), index.column(CHANNEL_GROUP)
    of_tag = {tag: program.key for program in programs for tag in program.tags}
    of_channel = {program.group: program.key for program in reversed(programs) if not program.tags}
    values: list[str] = []
    place: dict[str, int] = {}

    def code_of(value: str) -> int:
        if value and value not in place:
            place[value] = len(values)
            values.append(value)
        return place.get(value, -1)

    by_tag = np.array([*(code_of(of_tag.get(tag.lower(), tag)) for tag in tags[0].values), -1], np.int32)
    by_channel = np.array([*(code_of(of_channel.get(name, "")) for name in channels[0].values), -1], np.int32)
    return _column(tags[0], channels[0], by_tag, by_channel, values), _column(
        tags[1], channels[1], by_tag, by_channel, values
    )


def _column(
    tags: Column, channels: Column, by_tag: NDArray[np.int32], by_channel: NDArray[np.int32], values: list[str]
) -> Column:
    own = by_tag[tags.codes] if len(by_tag) > 1 else np.full(len(channels.codes), -1, np.int32)
    codes = np.where(own >= 0, own, by_channel[channels.codes])
    return Column(codes.astype(np.int32), values)
