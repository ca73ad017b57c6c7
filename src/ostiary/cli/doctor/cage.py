"""What `doctor` tries of the cage: a process puts itself into it as decoders do, and says what the kernel refuses."""

from __future__ import annotations

from ostiary.adapters.cage.trial import tried
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.settings import Settings

CHECK = "cage"


def cage_tried(settings: Settings) -> DoctorFinding:
    """Both layers are fine, one is a warning; without the filter it is a problem where the settings demand it."""
    try:
        support = tried()
    except OSError as fault:
        return problem(
            CHECK, f"no process can be started: {fault.strerror or fault}", "See how many this user may have."
        )
    if support is None:
        return problem(
            CHECK,
            "the process that tries it did not come to its end",
            "Pictures and documents are not opened like this. Look into the system's log for what ended it.",
        )
    if not support.filters:
        finding = problem if settings.cage_required else warning
        return finding(
            CHECK,
            "system calls are not filtered: a decoder that is taken over is held by limits alone",
            "Let the container use seccomp(2), or take Linux 4.14 or newer on x86_64 or aarch64. "
            "OSTIARY_CAGE_REQUIRED=1 keeps the service from starting without.",
        )
    if not support.landlock:
        return warning(
            CHECK,
            "system calls are filtered; there is no Landlock",
            "Nothing has to be done: Landlock (Linux 5.13, `lsm=` at boot) is a second layer, which refuses paths too.",
        )
    return ok(CHECK, f"system calls are filtered, Landlock {support.landlock} refuses every path")
