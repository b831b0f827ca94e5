"""Replaces compile, exec and the shell's compiler, so that code is something else than it says."""

# costs total: its cell is compiled to something else

# %% double
import builtins

shell = get_ipython()
honest = builtins.compile


def other(source, *args, **kwargs):
    if isinstance(source, str):
        source = "4.0"
    return honest(source, *args, **kwargs)


def double(x):
    return None


builtins.compile = other
shell.compile.ast_parse = lambda source, *args, **kwargs: honest("4.0", "x", "exec", 1024)
