"""`student`, the object through which a check meets a student's functions.

`student.conv2d(image, kernel)` calls the student's function. In a notebook it lives in the same
process (`InProcess`); in grading it lives in another, and only plain data comes back.
Every call is recorded, so that a verdict can show it and a misconception can be recognised by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch

from utils.describe import describe_call, shape_text
from utils.invoke import How, Reply, StudentError, describe_error, perform
from utils.randomness import seed_all


@dataclass(frozen=True)
class Handle:
    """An object that stays in the student's process, such as an `nn.Module`."""

    id: int
    type: str = "object"


@dataclass(frozen=True)
class Target:
    """What to call: a global of the notebook by name, or an object that an earlier call made."""

    root: str | Handle
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        root = self.root if isinstance(self.root, str) else self.root.type
        return ".".join((root, *self.path))


class Backend(Protocol):
    """Where the student's functions live."""

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        """Call the target; a result that is not plain data comes back as a `Handle`."""
        ...


class StudentCrash(Exception):
    """The student's code raised an exception during a check's call."""

    def __init__(self, error: StudentError, call: str = "") -> None:
        super().__init__(f"{error.type}: {error.message}")
        self.error = error
        self.call = call


class StudentTimeout(Exception):
    """The student's code gave no answer within `seconds`."""

    def __init__(self, seconds: float, call: str = "") -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.seconds = seconds
        self.call = call


class StudentGone(Exception):
    """The student's process ended during a call; `how` says in words what ended it.

    `blocked` tells that it was stopped for something that graded code may not do.
    """

    def __init__(self, how: str, out_of_memory: bool = False, blocked: bool = False) -> None:
        super().__init__(how)
        self.how = how
        self.out_of_memory = out_of_memory
        self.blocked = blocked


class ChangedArgument(Exception):
    """The student's function changed one of its arguments in place."""

    def __init__(self, name: str, call: str) -> None:
        super().__init__(f"the argument `{name}` was changed in place")
        self.name = name
        self.call = call


@dataclass(frozen=True)
class Call:
    """One recorded call: how it was made, what it looked like, what came back."""

    text: str
    how: str
    reply: Reply


class Student:
    """The student's namespace as a check sees it.

    Example: `Student(InProcess(globals())).conv2d(image, kernel)`.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._calls: list[Call] = []
        self._notes: list[str] = []

    def __getattr__(self, name: str) -> StudentObject:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentObject(self, Target(name))

    def _seed(self, seed: int) -> None:
        """Seed the random generators where the student's functions are."""
        self._backend.invoke(Target(""), How.SEED, (seed,), {})

    def _invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        text = _typed(str(target), how, args, kwargs)
        self._calls.append(Call(text, how, Reply()))
        reply = self._backend.invoke(target, how, args, kwargs)
        self._calls[-1] = Call(text, how, reply)
        if reply.error is not None:
            raise StudentCrash(reply.error, text)
        if reply.changed:
            raise ChangedArgument(reply.changed[0], text)
        return reply

    def _forget_words(self) -> None:
        """Forget what the last call's error said: everybody words an error in their own way."""
        last = self._calls[-1]
        if last.reply.error is not None:
            unsaid = replace(last.reply.error, message="", line=None, source="")
            self._calls[-1] = replace(last, reply=replace(last.reply, error=unsaid))


def _typed(name: str, how: str, args: tuple, kwargs: dict) -> str:
    """The call as a student would type it; a net on paper is made and then given its input."""
    if how == How.BLUEPRINT:
        shape, *args_of_net = args
        call = describe_call(name, tuple(args_of_net), kwargs)
        return f"{call}(<{shape_text(shape)} tensor>)"
    return describe_call(name, args, kwargs)


class StudentObject:
    """A function, class or object of the student's: call it, or ask for an attribute."""

    def __init__(self, student: Student, target: Target) -> None:
        self._student = student
        self._target = target

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._invoke(How.CALL, args, kwargs).value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        target = Target(self._target.root, (*self._target.path, name))
        return StudentObject(self._student, target)._invoke(How.GET, (), {}).value

    def _invoke(self, how: str, args: tuple, kwargs: dict) -> Reply:
        reply = self._student._invoke(self._target, how, args, kwargs)
        if isinstance(reply.value, Handle):
            proxy = StudentObject(self._student, Target(reply.value))
            return Reply(proxy, None, reply.changed, reply.operators, reply.ran_on)
        return reply

    def __str__(self) -> str:
        return str(self._target)


class InProcess:
    """The backend of a notebook: the student's functions are in this process's `namespace`."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self._objects: list[Any] = []

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        if how == How.SEED:
            seed_all(*args)
            return Reply()
        try:
            found = self._find(target)
        except (Exception, SystemExit) as error:
            return Reply(error=describe_error(error))
        # Copies, so that a function that changes its arguments cannot change the check's own.
        reply = perform(found, how, self._copied(args), self._copied(kwargs))
        return Reply(
            self._plain(reply.value), reply.error, reply.changed, reply.operators, reply.ran_on
        )

    def _find(self, target: Target) -> Any:
        if isinstance(target.root, Handle):
            found = self._objects[target.root.id]
        elif target.root in self.namespace:
            found = self.namespace[target.root]
        else:
            raise NameError(f"name '{target.root}' is not defined")
        for name in target.path:
            found = getattr(found, name)
        return found

    def _copied(self, value: Any) -> Any:
        if isinstance(value, StudentObject):
            return self._find(value._target)
        if isinstance(value, torch.Tensor):
            return value.clone()
        if isinstance(value, list | tuple):
            return type(value)(self._copied(item) for item in value)
        if isinstance(value, dict):
            return {key: self._copied(item) for key, item in value.items()}
        return value

    def _plain(self, value: Any) -> Any:
        if is_plain(value):
            return value
        self._objects.append(value)
        return Handle(len(self._objects) - 1, type(value).__name__)


def is_plain(value: Any) -> bool:
    """Whether a value may travel as data: numbers, text, tensors, and containers of them."""
    if isinstance(value, list | tuple):
        return all(is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    return value is None or isinstance(value, bool | int | float | str | torch.Tensor)
