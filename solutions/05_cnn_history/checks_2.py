"""Public checks of lesson 05's second notebook. The examples can be followed with a pencil."""

import torch

from utils.checks import check
from utils.device import device_note
from utils.expect import expect, expect_layer, expect_same_on_device
from utils.expect_nets import expect_accuracy, expect_blueprint, expect_filled
from utils.invoke import How
from utils.nets.transfer import few_new_digits, new_digits

CENTRE = (1, 1)  # of a 3×3 kernel

# How much of the judge's new digits must be right; calibrated in calibration.py.
EACH, STEPS, LR = 20, 100, 0.01
AT_LEAST = 0.88

SAME = torch.tensor([[[[1.0, -2.0, 3.0], [2.0, 0.0, 0.5]]]])
SAME_OUT = [[[[1, 0, 0], [0, 1, 1.5]]]]
HALVED = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
HALVED_OUT = [[[[1.5]], [[7]]]]

NARROW = torch.tensor([[[[1.0, -1.0]], [[3.0, 2.0]], [[-4.0, 1.0]], [[2.0, -5.0]]]])
NARROW_OUT = [[[[2, 5]], [[1, 0]], [[0, 1]], [[7, 10]]]]

TWO, THEIR_CLASS = torch.tensor([[3.0, 4.0], [1.0, 0.0]]), torch.tensor([0, 0])
PICTURES = torch.tensor(
    [[[[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]], [[[0.0, 1.0, 0.0], [4.0, 0.0, 1.0]]]]
)
TOWER_NORMS = (0.13389, 0.16507, 0.06844, 0.02347)


def norm(name: str, bias: list[float], mean: list[float] | None = None) -> dict[str, torch.Tensor]:
    """A normalisation that only takes the mean away and adds the bias, but for its eps."""
    channels = len(bias)
    return {
        f"{name}.weight": torch.ones(channels),
        f"{name}.bias": torch.tensor(bias),
        f"{name}.running_mean": torch.tensor(mean or [0.0] * channels),
        f"{name}.running_var": torch.ones(channels),
    }


def kernel(entries: dict[tuple[int, ...], float], *shape: int) -> torch.Tensor:
    """A weight of zeros but for some entries."""
    weight = torch.zeros(shape)
    for place, number in entries.items():
        weight[place] = number
    return weight


def same_block() -> dict[str, torch.Tensor]:
    """2·x, −1, ReLU, ·(−1), +1: a block of one channel without a stride."""
    return {
        "conv1.weight": kernel({(0, 0, *CENTRE): 2.0}, 1, 1, 3, 3),
        **norm("bn1", [-1.0]),
        "conv2.weight": kernel({(0, 0, *CENTRE): -1.0}, 1, 1, 3, 3),
        **norm("bn2", [1.0]),
    }


def halving_block() -> dict[str, torch.Tensor]:
    """One channel becomes two, and 2×2 pixels become one."""
    ahead = {(0, 0, *CENTRE): 1.0, (1, 0, 2, 2): 1.0}
    mixed = {(0, 0, *CENTRE): 1.0, (0, 1, *CENTRE): -1.0, (1, 1, *CENTRE): 2.0}
    return {
        "conv1.weight": kernel(ahead, 2, 1, 3, 3),
        **norm("bn1", [0.0, 0.0]),
        "conv2.weight": kernel(mixed, 2, 2, 3, 3),
        **norm("bn2", [0.0, 0.0]),
        "shortcut.0.weight": kernel({(0, 0, 0, 0): 4.0, (1, 0, 0, 0): -1.0}, 2, 1, 1, 1),
        **norm("shortcut.1", [0.5, 0.0]),
    }


def narrow_block() -> dict[str, torch.Tensor]:
    """Four channels, one in the middle, four again."""
    return {
        "conv1.weight": kernel({(0, 0, 0, 0): 1.0, (0, 1, 0, 0): 1.0}, 1, 4, 1, 1),
        **norm("bn1", [0.0], [2.0]),
        "conv2.weight": kernel({(0, 0, 1, 0): 2.0, (0, 0, 1, 1): -1.0}, 1, 1, 3, 3),
        **norm("bn2", [1.0]),
        "conv3.weight": torch.tensor([1.0, -1.0, 0.0, 2.0]).reshape(4, 1, 1, 1),
        **norm("bn3", [1.0, -2.0, 0.0, 5.0]),
    }


@check("BasicBlock", points=1)
def test_basic_block_by_hand(student):
    """One channel and 2×3 pixels: twice a convolution, each with its normalisation, and a sum."""
    block = expect_filled(student.BasicBlock(1, 1), same_block())
    block.eval()
    expect(block(SAME), equals=SAME_OUT, rtol=1e-4, atol=1e-4)


@check("BasicBlock", points=0.5)
def test_basic_block_shortcut(student):
    """One channel becomes two, 2×2 pixels become one: the shortcut needs weights of its own."""
    block = expect_filled(student.BasicBlock(1, 2, 2), halving_block())
    block.eval()
    expect(block(HALVED), equals=HALVED_OUT, rtol=1e-4, atol=1e-4)


@check("BasicBlock", points=0.5)
def test_basic_block_counted(student):
    """Its weights and the size of its maps, counted on paper."""
    weights = [(4, 3, 3, 3), (4, 4, 3, 3), (4, 3, 1, 1)]
    plan = {"shape": (1, 3, 5, 7), "output": (1, 4, 3, 4), "weights": weights}
    expect_blueprint(student.BasicBlock, 3, 4, 2, **plan, parameters=288, macs=3168)
    plan = {"shape": (1, 4, 5, 7), "output": (1, 4, 5, 7)}
    expect_blueprint(student.BasicBlock, 4, 4, **plan, parameters=304)
    plan = {"shape": (1, 1, 5, 7), "output": (1, 4, 5, 7)}
    expect_blueprint(student.BasicBlock, 1, 4, **plan, parameters=208)
    plan = {"shape": (1, 4, 5, 7), "output": (1, 4, 3, 4)}
    expect_blueprint(student.BasicBlock, 4, 4, 2, **plan, parameters=328)


@check("BasicBlock", points=0.5)
def test_basic_block_device(student):
    """Runs where its input lives."""
    block = expect_filled(student.BasicBlock(1, 2, 2), halving_block())
    block.eval()
    expect_same_on_device(block, HALVED, equals=HALVED_OUT)


@check("Bottleneck", points=1)
def test_bottleneck_by_hand(student):
    """Four channels, squeezed into one and widened again, on 1×2 pixels."""
    block = expect_filled(student.Bottleneck(4, 1), narrow_block())
    block.eval()
    expect(block(NARROW), equals=NARROW_OUT, rtol=1e-4, atol=1e-4)


@check("Bottleneck", points=0.5)
def test_bottleneck_counted(student):
    """Its weights, the size of its maps, and its multiply–adds: the 3×3 layer takes the step."""
    weights = [(2, 6, 1, 1), (2, 2, 3, 3), (8, 2, 1, 1), (8, 6, 1, 1)]
    plan = {"shape": (1, 6, 5, 7), "output": (1, 8, 3, 4), "weights": weights}
    expect_blueprint(student.Bottleneck, 6, 2, 2, **plan, parameters=152, macs=1620)
    expect_blueprint(
        student.Bottleneck, 8, 2, shape=(1, 8, 5, 7), output=(1, 8, 5, 7), parameters=92
    )


@check("Bottleneck", points=0.5)
def test_bottleneck_device(student):
    """Runs where its input lives."""
    block = expect_filled(student.Bottleneck(4, 1), narrow_block())
    block.eval()
    expect_same_on_device(block, NARROW, equals=NARROW_OUT)


@check("resnet", points=1)
def test_resnet_50(student):
    """Blocks 3, 4, 6, 3 make ResNet-50: 25,557,032 parameters."""
    expect_blueprint(
        student.resnet,
        (3, 4, 6, 3),
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=25_557_032,
        macs=4_089_184_256,
    )


@check("resnet", points=1)
def test_resnet_small(student):
    """Few blocks, seven classes, pictures that are not square."""
    expect_blueprint(
        student.resnet,
        (2, 1, 1, 1),
        classes=7,
        shape=(2, 3, 64, 96),
        output=(2, 7),
        parameters=8_100_679,
        macs=412_708_864,
    )


@check("gradient_norms", points=1)
def test_gradient_norms_by_hand(student):
    """Two points and two classes, all weights zero: the norm is exactly 2."""
    net = student.perceptron(2, 2)
    expect(student.gradient_norms(net, TWO, THEIR_CLASS), equals=(2.0,), rtol=1e-4)


@check("gradient_norms", points=0.5)
def test_gradient_norms_of_a_tower(student):
    """Three convolutions, with normalisation, and a linear layer: four weights, four norms."""
    net = student.fill_weights(student.tower(4, 2, norm=True, classes=3))
    net.remember_gradients()
    norms = student.gradient_norms(net, PICTURES, torch.tensor([2, 0]))
    expect(norms, equals=TOWER_NORMS, rtol=1e-3)
    says = "Gradients are left in the net: wipe them before you return."
    expect(net.gradients_left, equals=0, says=says)


@check("gradient_norms", points=0.5)
def test_gradient_norms_device(student):
    """Runs where the model and its inputs live."""
    net = student.perceptron(2, 2)
    expect_same_on_device(student.gradient_norms, net, TWO, THEIR_CLASS, equals=(2.0,))


@check("adapt", points=1)
def test_adapt_first_step(student):
    """The new head starts from zeros, and one step of Adam moves each bias by lr."""
    images, labels = few_new_digits(2)[0][:6], torch.tensor([3, 1, 3, 0, 3, 3])
    model = expect_layer(student.adapt(student.digit_net(), images, labels, 0, 0.1))
    says = "Before the first step every score must be 0: a new head for these classes, of zeros."
    expect(model(images), equals=torch.zeros(6, 4), says=says)
    model = expect_layer(student.adapt(student.digit_net(), images, labels, 1, 0.1))
    expect(model.head.bias, equals=[-0.1, -0.1, -0.1, 0.1], rtol=1e-3)


@check("adapt", points=1)
def test_adapt_freezes_the_features(student):
    """Afterwards the features answer as before, and only the head wants gradients."""
    images, labels = few_new_digits(2)
    model = student.digit_net(seed=1)
    model.eval()
    before = model.features(images)
    model.train()
    adapted = expect_layer(student.adapt(model, images, labels, 3, 0.1))
    says = "The model must come back in eval() mode."
    expect(adapted.training, equals=False, says=says)
    says = "The features answer otherwise than before: freeze them, and keep them in eval() mode."
    expect(adapted.features(images), equals=before, says=says)
    says = "Only the new head may want gradients: 128·5 weights and 5 biases."
    expect(adapted.trainable, equals=645, says=says)


@check("adapt", points=0.5, trained=True)
def test_adapt_learns(student):
    """Twenty pictures of each new digit are enough for 88 % of others."""
    model = student.adapt(student.trained_net(), *few_new_digits(EACH), STEPS, LR)
    images, labels = new_digits("test")
    expect_accuracy(expect_layer(model)(images), labels, at_least=AT_LEAST)


@check("adapt", points=0.5)
def test_adapt_device(student):
    """Runs where the model and its inputs live."""
    images, labels = few_new_digits(1)[0][:4], torch.tensor([1, 0, 1, 1])
    reply = student.adapt._invoke(How.DEVICE, (student.digit_net(), images, labels, 1, 0.1), {})
    student._notes.append(device_note(reply.ran_on))
    expect(expect_layer(reply.value).head.bias, equals=[-0.1, 0.1], rtol=1e-3)


@check("worth_taking", points=1)
def test_worth_taking_by_hand(student):
    """Six nets: cheap and dear, better and worse, not in the order of their costs."""
    nets = {
        "F": (90, 0.96),
        "B": (30, 0.85),
        "A": (10, 0.90),
        "E": (60, 0.93),
        "C": (40, 0.95),
        "D": (50, 0.91),
    }
    expect(student.worth_taking(nets), equals=("A", "C", "F"))


@check("worth_taking", points=0.5)
def test_worth_taking_ties(student):
    """Equal cost, equal accuracy, and twins, which do not beat each other."""
    expect(student.worth_taking({"A": (10, 0.9), "B": (20, 0.8)}), equals=("A",))
    nets = {"P": (10, 0.8), "Q": (10, 0.9), "R": (20, 0.9), "T": (30, 0.95), "S": (30, 0.95)}
    expect(student.worth_taking(nets), equals=("Q", "T", "S"))


@check("layers_to_see", points=1)
def test_layers_to_see_by_hand(student):
    """10 steps back with windows of 5, 60 to 63 with windows of 3, 4 with windows of 2."""
    expect(student.layers_to_see(10, 5), equals=(3, 2), rtol=0)
    expect(student.layers_to_see(61, 3), equals=(31, 5), rtol=0)
    expect(student.layers_to_see(60, 3), equals=(30, 5), rtol=0)
    expect(student.layers_to_see(63, 3), equals=(32, 6), rtol=0)
    expect(student.layers_to_see(4, 2), equals=(4, 3), rtol=0)
