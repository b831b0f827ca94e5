"""Wrong and other right solutions of `save_and_load`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "save_and_load",
    says="You saved the net itself, and torch.load refuses files that could run code. "
    "Save its numbers alone: model.state_dict().",
)
def whole_net_saved(model, fresh, path):
    torch.save(model, path)
    state = torch.load(path).state_dict()
    fresh.load_state_dict(state)
    return list(state)


@misconception(
    "save_and_load",
    says="The file is written and read, but the fresh net has not changed. "
    "Put the numbers into it: fresh.load_state_dict(state).",
)
def fresh_not_filled(model, fresh, path):
    torch.save(model.state_dict(), path)
    state = torch.load(path)
    return list(state)


@misconception(
    "save_and_load",
    says="You went the wrong way: what was learned is in `model`. Save that, and fill `fresh`.",
)
def the_wrong_way(model, fresh, path):
    torch.save(fresh.state_dict(), path)
    state = torch.load(path)
    model.load_state_dict(state)
    return list(state)


@misconception(
    "save_and_load",
    says="Both nets now hold the very same tensors, and nothing came from the file. "
    "load_state_dict copies the numbers that torch.load has read.",
)
def tensors_shared(model, fresh, path):
    torch.save(model.state_dict(), path)
    for name, parameter in model.named_parameters():
        setattr(fresh, name, parameter)
    return list(torch.load(path))


@misconception(
    "save_and_load",
    says="You returned the numbers. Return their names: list(state).",
)
def numbers_returned(model, fresh, path):
    torch.save(model.state_dict(), path)
    state = torch.load(path)
    fresh.load_state_dict(state)
    return state


@misconception(
    "save_and_load",
    says="You saved the parameters without their names, so load_state_dict cannot place them. "
    "model.state_dict() has names and numbers.",
)
def names_lost(model, fresh, path):
    torch.save(list(model.parameters()), path)
    state = torch.load(path)
    fresh.load_state_dict(state)
    return list(state)


@misconception(
    "save_and_load",
    says="The weights arrived, the biases did not. load_state_dict fills all of them at once.",
)
def biases_left_behind(model, fresh, path):
    torch.save(model.state_dict(), path)
    state = torch.load(path)
    fresh.weight.data = state["weight"]
    return list(state)


@alternative("save_and_load")
def through_an_open_file(model, fresh, path):
    with open(path, "wb") as file:
        torch.save(model.state_dict(), file)
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    fresh.load_state_dict(state)
    return [*state.keys()]


@alternative("save_and_load")
def number_by_number(model, fresh, path):
    torch.save(dict(model.named_parameters()), path)
    state = torch.load(path)
    with torch.no_grad():
        for name, parameter in fresh.named_parameters():
            parameter.copy_(state[name])
    return [name for name, _ in fresh.named_parameters()]


@alternative("save_and_load")
def in_two_functions(model, fresh, path):
    def save():
        torch.save({name: tensor.clone() for name, tensor in model.state_dict().items()}, path)

    def load():
        return torch.load(path, map_location="cpu")

    save()
    fresh.load_state_dict(load(), strict=True)
    return list(load())
