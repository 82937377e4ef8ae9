"""Carry out cases of validation one by one; what was found before is read again."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
import time
from dataclasses import dataclass, field
from types import ModuleType

from experiments.storage import places, versions, writing
from experiments.terminal import meanwhile
from experiments.validation.case import Case, Found, rows
from experiments.validation.options import Options
from sim.errors import PlatformLabError
from sim.snapshot import as_written


@dataclass
class Done:
    """What came of it, as far as it got."""

    found: list[tuple[str, Case, Found]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Cases that could not be carried out, and why."""
    seconds: dict[str, float] = field(default_factory=dict)


def carry_out(options: Options) -> Done:
    """Case by case, saying which; one that fails is a recorded result, and the others go on.

    Raises `PlatformLabError` where every case failed.
    """
    if options.left_out:
        meanwhile.note(f"left to the full suite: {', '.join(options.left_out)}")
    done = Done()
    for i, (suite, case) in enumerate(options.cases, 1):
        place, begun = f"[{i}/{len(options.cases)}] {suite}: {case.name}", time.perf_counter()
        meanwhile.note(f"{place} ...")
        try:
            found, is_kept = result_of(case, options)
        except Exception as error:  # a fault of one case must not lose the results of the others
            text = str(error) if isinstance(error, PlatformLabError) else f"{type(error).__name__}: {error}"
            done.failed[case.name] = text
            verdict = f"failed: {text}"
        else:
            done.found.append((suite, case, found))
            text = [row["verdict"] for row in rows(case, found, is_quick=options.is_quick)]
            verdict = ", ".join(f"{text.count(word)} {word}" for word in ("pass", "miss", "shown") if word in text)
            verdict = f"{verdict or 'nothing measured'}{' (kept from before)' if is_kept else ''}"
        done.seconds[case.name] = round(time.perf_counter() - begun, 2)
        meanwhile.note(f"{place}: {verdict}, {done.seconds[case.name]:.1f} s")
    if not done.found:
        raise PlatformLabError(f"every case failed; the first said:\n  {next(iter(done.failed.values()))}")
    return done


def digest_of(case: Case, options: Options) -> str:
    """Of all that decides a case's result: the economy's code, the procedure's, and the setting; not of its targets."""
    from analysis.statistics import effects
    from experiments.validation.procedures import PROCEDURES

    run = PROCEDURES[case.how].run
    module = inspect.getmodule(run)
    parts = [effects, *(_modules_of(module) if module else [run])]
    sources = [as_written(inspect.getsource(part).encode()).decode() for part in parts]
    plain = json.dumps(case.asked(is_quick=options.is_quick), sort_keys=True)
    return hashlib.sha256("\0".join([versions.code_version(), *sources, plain]).encode()).hexdigest()


def _modules_of(module: ModuleType) -> list[ModuleType]:
    """A procedure's module and those of the folder of procedures that it is made of, in a fixed order."""
    found, waiting = {}, [module]
    while waiting:
        part = waiting.pop()
        if part.__name__ not in found:
            found[part.__name__] = part
            names = {getattr(value, "__module__", None) or "" for value in vars(part).values()}
            names |= {value.__name__ for value in vars(part).values() if isinstance(value, ModuleType)}
            waiting += [sys.modules[name] for name in names if name.startswith(f"{__package__}.")]
    return [found[name] for name in sorted(found)]


def result_of(case: Case, options: Options) -> tuple[Found, bool]:
    """What a case found, read if it is there, else carried out and kept; and whether it was there."""
    from experiments.validation.procedures import PROCEDURES

    path = places.output_folder() / "validate" / "cases" / f"{case.how}-{digest_of(case, options)[:16]}.json"
    is_kept = path.exists()
    if not is_kept:
        found = PROCEDURES[case.how].run(case.setting_of(is_quick=options.is_quick), options.runner)
        writing.write_json(path, found.plain())
    return Found.of(json.loads(path.read_text())), is_kept
