"""Configurations as Hydra composes them: plain mappings, and the scenarios that they stand for."""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.request import folders, naming, snapshot_options, untrusted
from experiments.request.grammar import FORBIDDEN
from sim.errors import Problem, RefusedScenario
from sim.parameters import ConductParameters, Sector
from sim.scenario import Scenario
from sim.strict import default_group, nearest

SCENARIO_KEYS = ("sector", "population", "platforms", "policy", "horizon", "seed")
ASKING_KEYS = (
    *("replicates", "preview", "intervals", "precision", "most_replicates", "outcomes", "agents"),
    *("name", "title", "question", "config"),
)
"""What a request says besides its scenario, to be named where a key is misspelt."""


class Composed:
    """Configurations by choice of groups, each composed once, with the single values that were typed."""

    def __init__(
        self,
        chosen: dict[str, list[str]],
        extra: Path | None,
        options: snapshot_options.SnapshotOptions,
        kept: dict[str, Any],
    ) -> None:
        self.chosen, self.extra, self.options, self.kept = chosen, extra, options, kept
        self._found: dict[tuple[str, ...], dict[str, Any]] = {}
        self._scenarios: dict[tuple[str, ...], Scenario] = {}
        self._fixed: dict[str, Any] = {}
        self._several: set[str] = set()

    def _picks(self, point: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(f"{key}={point.get(key, found[0])}" for key, found in self.chosen.items())

    def at(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """The configuration of a point's choices, or of the first ones."""
        picks = self._picks(point)
        if picks not in self._found:
            found = compose(list(picks), self.extra)
            snapshot_options.put_under(found, self.options, self.chosen)
            _put_kept(found, self.kept, self.chosen)
            problems: list[Problem] = []
            self._put_fixed(found, problems)
            if problems:
                raise RefusedScenario(unique(problems))
            self._found[picks] = found
        return self._found[picks]

    def put(self, fixed: dict[str, Any], problems: list[Problem]) -> None:
        """Set values in what is composed, and in what will be; a rule's values wherever the rule is chosen."""
        if len(self.chosen.get("policy", [])) > 1:
            self._several = {name for choice in self.chosen["policy"] for name in self.at({"policy": choice})["policy"]}
        self._fixed = fixed
        for found in self._found.values():
            self._put_fixed(found, problems)

    def _put_fixed(self, found: dict[str, Any], problems: list[Problem]) -> None:
        for key, value in self._fixed.items():
            if not self._is_elsewhere(key, found):
                put(found, key, value, problems)

    def _is_elsewhere(self, key: str, found: dict[str, Any]) -> bool:
        """Whether a key belongs to a rule that other choices of the policy hold, and this one does not."""
        part, _, rest = key.partition(".")
        rule = rest.partition(".")[0]
        return part == "policy" and rule in self._several and rule not in found["policy"]

    def partly(self) -> list[str]:
        """Values that act under some of the policies compared and not under others."""
        return [key for key in self._fixed if any(self._is_elsewhere(key, found) for found in self._found.values())]

    def faults_of_axis(self, key: str) -> list[Problem]:
        """A swept value of a rule that only some of the policies compared hold would repeat the others."""
        part, _, rest = key.partition(".")
        rule = rest.partition(".")[0]
        choices = self.chosen.get("policy", [])
        if part != "policy" or len(choices) < 2:
            return []
        without = [choice for choice in choices if rule not in self.at({"policy": choice})["policy"]]
        if not without or len(without) == len(choices):
            return []
        why = f"it acts under some policies only: policy={without[0]} has no {rule} and would be repeated"
        todo = f"ask twice: sweep {key} with policy={rule}, and compare the policies at one value"
        return [Problem(f"a sweep over {key}", why, "values of rules that every policy holds", todo)]

    def scenario(self, point: Mapping[str, Any], moved: Mapping[str, Any], problems: list[Problem]) -> Scenario | None:
        """The scenario of a point's choices, before rules are settled, in which `moved` are the first values tried."""
        picks = self._picks(point)
        if picks not in self._scenarios:
            config = copy.deepcopy(self.at(point))
            for key, value in moved.items():
                put(config, key, value, problems)
            found = built(config, problems)
            if found is None:
                return None
            self._scenarios[picks] = found
        return self._scenarios[picks]

    def value_at(self, key: str) -> Any:
        """What a key is where nobody moves it."""
        if key in self.chosen:
            return self.chosen[key][0]
        problems: list[Problem] = []
        scenario = built(self.at({}), problems)
        if scenario is None:
            raise RefusedScenario(unique(problems))
        return scenario.seed if key == "seed" else scenario.value_at(key)[0]

    @property
    def policies(self) -> dict[str, Any]:
        """Every instrument of any choice, with its values."""
        return {name: values for found in self._found.values() for name, values in found["policy"].items()}


def _put_kept(found: dict[str, Any], kept: dict[str, Any], chosen: dict[str, list[str]]) -> None:
    """What a result's own configuration says, where nobody chooses otherwise."""
    found.update({key: copy.deepcopy(value) for key, value in kept.items() if key not in chosen})
    rules = kept.get("policy")
    if "policy" in chosen and isinstance(rules, Mapping):
        found["policy"].update({name: copy.deepcopy(rules[name]) for name in found["policy"] if name in rules})


def read_kept(path: Path) -> dict[str, Any]:
    """The configuration that a result was asked with; raises `RefusedScenario` for a file that is none, or hostile."""
    import yaml

    try:
        is_there = path.is_file()
    except (OSError, ValueError):  # a name too long for any folder, or one with a zero byte
        is_there = False
    if not is_there:
        asked, why = f"config={naming.shown(str(path))}", "there is no such file"
        raise RefusedScenario([Problem(asked, why, "the config.yaml of a result", "check the path")])
    look = untrusted.look_at(path, path.name, frozenset(folders.groups()))
    if look.problems:
        raise RefusedScenario(look.problems)
    found = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(found, dict) or "sector" not in found:
        why, todo = "it holds no configuration as resolved", "name the config.yaml of a result"
        raise RefusedScenario([Problem(f"config={path}", why, "keys of `--cfg job`", todo)])
    return found


def compose(choices: list[str], extra: Path | None = None) -> dict[str, Any]:
    """One configuration as plain mappings, without environment look-ups or anything that runs code.

    The same choices are composed once in a process, and anew as soon as a file of the folders has changed.
    """
    return pickle.loads(_compose_and_pack(tuple(choices), extra, folders.state(extra)))


@functools.lru_cache(maxsize=256)
def _compose_and_pack(choices: tuple[str, ...], extra: Path | None, state: folders.State) -> bytes:
    """A configuration as bytes: who changes his copy changes nobody else's. A change of files is another `state`."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.config_search_path import SearchPathElement
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    OmegaConf.clear_resolver("oc.env")
    GlobalHydra.instance().clear()
    search = []
    try:
        with initialize_config_dir(str(folders.config_folder()), version_base="1.3"):
            if extra:  # before the laboratory's own: of two files with one name Hydra takes the first
                here = f"file://{untrusted.checked_folder(extra)}"
                GlobalHydra.instance().config_loader().get_search_path().get_path().insert(
                    0, SearchPathElement("--config-dir", here)
                )
                search = ["hydra.searchpath=[]"]  # has the folders read anew
            composed = hydra_compose("config", overrides=[*search, *choices])
            plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException, ValueError, TypeError, AttributeError, OSError) as error:
        text = re.sub(r"\s+", " ", str(error)).strip()
        raise RefusedScenario(
            [
                Problem(
                    " ".join(choices) or "the configuration",
                    text,
                    "see platform-lab list",
                    "correct the file or the choice",
                )
            ]
        ) from None
    assert isinstance(plain, dict)
    snapshot_options.refuse_in_file({str(key): value for key, value in plain.items()})
    found = [key for key in _keys(plain) if key.split(".")[-1] in FORBIDDEN]
    if found:
        raise RefusedScenario(
            [
                Problem(key, "a configuration holds numbers and names, never code", "values only", f"remove {key}")
                for key in found
            ]
        )
    whole = {"policy": {}} | {str(key): value for key, value in plain.items() if key != "experiment"}
    return pickle.dumps(whole)


PARTS: dict[str, type] = {"sector": Sector, "platforms": ConductParameters}
"""Parts of a scenario with groups of numbers that a file need not state: the usual ones stand in the code."""


def put(config: dict[str, Any], key: str, value: Any, problems: list[Problem]) -> None:
    """Put a value at a dotted key; its last step may be new (validation knows the right names)."""
    *path, last = key.split(".")
    here: Any = config
    for depth, step in enumerate(path):
        if isinstance(here, dict) and depth == 1 and path[0] == "policy" and step not in here:
            problems.append(
                Problem(
                    key,
                    f"the instrument {step} is not chosen",
                    ", ".join(here) or "none is chosen",
                    f"add 'policy=[{step}]'",
                )
            )
            return
        is_unstated = isinstance(here, dict) and step not in here and depth == 1 and path[0] in PARTS
        if is_unstated and (usual := default_group(PARTS[path[0]], step)) is not None:
            here[step] = usual
        if not isinstance(here, dict) or not isinstance(here.get(step), dict):
            names = [str(n) for n in here] if isinstance(here, dict) else []
            if depth == 1 and path[0] in PARTS:
                names += [field.name for field in dataclasses.fields(PARTS[path[0]]) if field.name not in names]
            problems.append(
                Problem(
                    key,
                    f"there is no `{step}` here",
                    ", ".join(names) or "a single value",
                    nearest(step, names),
                )
            )
            return
        here = here[step]
    if not path and last not in config:
        names = [*SCENARIO_KEYS, *ASKING_KEYS, *snapshot_options.KEYS]
        problems.append(Problem(key, "there is no such key", ", ".join(names), nearest(last, names)))
        return
    here[last] = value


def built(config: dict[str, Any], problems: list[Problem]) -> Scenario | None:
    """The scenario of a configuration before rules are settled; None with every problem appended."""
    try:
        return Scenario.unsettled({key: config[key] for key in SCENARIO_KEYS if key in config})
    except RefusedScenario as refused:
        problems.extend(refused.problems)
        return None


def _keys(tree: Any, path: str = "") -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield f"{path}{key}"
            yield from _keys(value, f"{path}{key}.")
    elif isinstance(tree, list):
        for value in tree:
            yield from _keys(value, path)


def unique(problems: list[Problem]) -> list[Problem]:
    """Each problem once, in the order in which they were found."""
    return list(dict.fromkeys(problems))
