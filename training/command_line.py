"""What the computing verbs share on the command line: their options, and events for a person."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from training.computing.pipeline import Precision
from training.device import choose_device, describe_device, idle_gpu_warning
from training.events import Emit, Event, Note, Progress, Result, Started, encode


@dataclass(frozen=True, slots=True)
class ComputeOptions:
    """`batch_size` and `workers` None are chosen by device; `cache` is a folder of squares."""

    device: str = "auto"
    batch_size: int | None = None
    workers: int | None = None
    precision: Precision = "auto"
    cache: Path | None = None


def add_speed_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--batch-size", type=positive, help="patches at once")
    parser.add_argument("--workers", type=positive, help="threads that decode")
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto")
    parser.add_argument("--cache", type=Path, help="a folder of decoded squares to read from")
    parser.add_argument("--json", action="store_true", help="events as JSON lines")


def positive(text: str) -> int:
    """An option's whole number of 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} should be 1 or more")
    return value


def options_of(arguments: argparse.Namespace) -> ComputeOptions:
    return ComputeOptions(
        device=arguments.device,
        batch_size=arguments.batch_size,
        workers=arguments.workers,
        precision=arguments.precision,
        cache=arguments.cache,
    )


def announce_device(emit: Emit, verb: str, wanted: str, detail: str) -> torch.device:
    """Choose the device, tell it, and warn where a GPU lies idle."""
    device = choose_device(wanted)
    emit(Started(verb=verb, device=describe_device(device), detail=detail))
    if device.type == "cpu" and (warning := idle_gpu_warning()):
        emit(Note(text=warning, level="warning"))
    return device


def print_event(event: Event) -> None:
    print(encode(event), flush=True)


def tell_event(event: Event) -> None:
    """Events for a person: results on standard output, the rest on standard error."""
    if isinstance(event, Started):
        print(f"{event.verb} on {event.device}: {event.detail}", file=sys.stderr)
    elif isinstance(event, Note):
        print(f"{event.level}: {event.text}", file=sys.stderr)
    elif isinstance(event, Progress) and sys.stderr.isatty():
        left = f", {event.seconds_left:.0f} s left" if event.seconds_left is not None else ""
        end = "\n" if event.done == event.total else ""
        print(f"\r{event.stage} {event.done}/{event.total}{left}   ", end=end, file=sys.stderr)
    elif isinstance(event, Result):
        facts = ", ".join(f"{value} {key}" for key, value in event.payload.items() if value != 0)
        print(facts)
