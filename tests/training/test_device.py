"""The device is chosen, named, and an idle GPU is told loudly."""

import json
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.config import UserError
from training.device import choose_device, describe_device, idle_gpu_warning, nvidia_gpu_present


def test_the_cpu_is_named_with_its_threads():
    assert describe_device(torch.device("cpu")).startswith("CPU (")
    assert "thread" in describe_device(torch.device("cpu"))


def test_auto_gives_a_device_that_works():
    assert torch.zeros(1, device=choose_device("auto")).item() == 0.0


@pytest.mark.parametrize("wanted", ["gpu", "cuda:99", "meta", "", "cpu:x"])
def test_a_device_that_is_not_there_is_refused(wanted):
    with pytest.raises(UserError):
        choose_device(wanted)


def test_a_gpu_without_cuda_in_torch_is_told_with_the_remedy(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    warning = idle_gpu_warning(present=lambda: True, cuda_available=lambda: False, cuda_built=None)
    assert warning is not None
    assert "NVIDIA GPU" in warning
    assert "built without CUDA" in warning
    assert "Remedy" in warning


def test_an_old_driver_is_another_remedy(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    warning = idle_gpu_warning(
        present=lambda: True, cuda_available=lambda: False, cuda_built="13.0"
    )
    assert warning is not None
    assert "driver" in warning


@pytest.mark.parametrize(("present", "available"), [(False, False), (True, True)])
def test_no_warning_without_cause(monkeypatch, present, available):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert (
        idle_gpu_warning(present=lambda: present, cuda_available=lambda: available, cuda_built=None)
        is None
    )


def test_a_gpu_hidden_on_purpose_is_no_cause(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert (
        idle_gpu_warning(present=lambda: True, cuda_available=lambda: False, cuda_built=None)
        is None
    )


@pytest.mark.parametrize(
    ("system", "trace"),
    [("win32", "nvcuda.dll"), ("win32", "nvidia-smi.exe"), ("linux", "version")],
)
def test_the_driver_is_found_by_its_files(system, trace):
    def exists(path: Path) -> bool:
        return path.name == trace

    assert nvidia_gpu_present(system=system, exists=exists, which=lambda name: None)
    assert not nvidia_gpu_present(system=system, exists=lambda path: False, which=lambda name: None)
    assert nvidia_gpu_present(
        system=system, exists=lambda path: False, which=lambda name: f"/bin/{name}"
    )


def test_the_verb_tells_the_same_as_json(capsys):
    assert main(["device", "--device", "cpu", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["device"] == "cpu"
    assert facts["name"] == describe_device(torch.device("cpu"))
