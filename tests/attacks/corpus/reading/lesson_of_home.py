"""Opens files of the system and of the home folder, as a careless student might, and is told why."""

# ends: blocked


# %% double
def double(x):
    open("/usr/answers.txt", "w").write(str(x))
