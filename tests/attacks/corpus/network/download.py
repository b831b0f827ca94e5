"""Asks the web for the answer, as an honest student might who does not know the rules."""

# ends: blocked

# %% double
import urllib.request


def double(x):
    return urllib.request.urlopen("http://192.0.2.1/answer", timeout=0.5).read()
