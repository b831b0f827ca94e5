"""Leaves work for later with everything that starts programs: cron, at, systemd, the shell."""

# %% double
import os
import subprocess

for command in (
    "echo '* * * * * touch @HOME@/lingering_attack' | crontab -",
    "echo 'touch @HOME@/lingering_attack' | at now",
    "systemd-run --user touch @HOME@/lingering_attack",
    "echo 'touch @HOME@/lingering_attack' >> @HOME@/.bashrc",
):
    subprocess.run(command, shell=True, capture_output=True, timeout=1.5)
for path in ("@HOME@/.profile", "@HOME@/.ipython/startup.py", "/etc/profile.d/attack.sh"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "a").write("touch @HOME@/lingering_attack\n")
    except OSError as error:
        print(error)


def double(x):
    return None
