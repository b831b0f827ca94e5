"""Starts programs that outlive the shell that started them."""

# %% double
import subprocess

get_ipython().system("nohup sleep 61 >/dev/null 2>&1 &")
subprocess.Popen(["sleep", "62"], start_new_session=True)
subprocess.Popen("setsid sh -c 'trap \"\" TERM HUP INT; sleep 63' &", shell=True)


def double(x):
    return None
