"""What layers do to numbers, as torch has them: for lesson 04's quiz."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def through(layer: nn.Module, *sizes: int) -> tuple[int, ...]:
    """The shape that leaves a layer."""
    return tuple(layer(torch.zeros(*sizes)).shape)


def stamped(row, kernel, S, P=0) -> torch.Tensor:
    """A row through a transposed convolution."""
    row, kernel = torch.tensor(row).double(), torch.tensor(kernel).double()
    return F.conv_transpose1d(row[None, None], kernel[None, None], stride=S, padding=P)[0, 0]


def checkerboard(K, S) -> set[int]:
    """How often pixels away from the border are stamped by a transposed convolution."""
    stamps = F.conv_transpose2d(torch.ones(1, 1, 12, 12), torch.ones(1, 1, K, K), stride=S)[0, 0]
    return {int(count) for count in stamps[2 * K : -2 * K, 2 * K : -2 * K].flatten()}


def mixes_channels(layer: nn.Module) -> bool:
    """Whether the first map that leaves a layer changes with the second that comes in."""
    x = torch.zeros(1, 2, 5, 5, requires_grad=True)
    layer(x)[:, 0].sum().backward()
    return bool(x.grad[:, 1].any())


def work_of(layer: nn.Conv2d, side: int) -> int:
    """Multiplications of a convolution that makes maps of side × side."""
    return layer.weight.numel() * side**2


def batch_normed(values: torch.Tensor, gamma: float, beta: float) -> torch.Tensor:
    """One channel, one pixel an example, through batch norm in training; ε counts for nothing."""
    x = values.double()[:, None]
    weight, bias = torch.tensor([gamma]).double(), torch.tensor([beta]).double()
    return F.batch_norm(x, None, None, weight, bias, training=True, eps=1e-30)[:, 0]


def running(values: torch.Tensor, momentum: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Running mean and variance, 0 and 1 before, after a batch of one channel."""
    norm = nn.BatchNorm1d(1, momentum=momentum).double()
    norm(values.double()[:, None])
    return norm.running_mean[0], norm.running_var[0]


def dropped(value: float, p: float) -> float:
    """What dropout in training makes of a value that it keeps."""
    torch.manual_seed(0)
    return F.dropout(torch.full((1000,), value), p).max().item()


def gru_step(z: float, h: float) -> float:
    """The state after a step of torch's GRU cell with update gate z and nothing new."""
    cell = nn.GRUCell(1, 1).double()
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    with torch.no_grad():
        cell.bias_ih[1] = math.log(z / (1 - z))
    state = torch.tensor([[h]], dtype=torch.float64)
    return round(cell(torch.zeros(1, 1, dtype=torch.float64), state).item(), 9)


def positions(length: int, d: int) -> torch.Tensor:
    """Sines in the even columns, cosines in the odd ones, as in Vaswani et al. (2017)."""
    places = torch.arange(length)[:, None].double()
    angles = places / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def field_of_doubled(layers: int) -> int:
    """Places that the last output of causal layers with K = 2 and D = 1, 2, 4, … depends on."""
    x = torch.zeros(1, 1, 2 ** (layers + 1), dtype=torch.float64, requires_grad=True)
    y = x
    for layer in range(layers):
        D = 2**layer
        y = F.conv1d(F.pad(y, (D, 0)), torch.ones(1, 1, 2, dtype=y.dtype), dilation=D)
    y[0, 0, -1].backward()
    return int((x.grad > 0).sum())


def simple_cnn(P: int = 0) -> nn.Sequential:
    """SimpleCNN's layers; P is the second convolution's padding."""
    side = 7 if P else 6
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=P), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * side**2, 10),
    )  # fmt: skip


def is_one_linear_map() -> bool:
    """Whether SimpleCNN without ReLUs and with mean pools is linear, plus a constant."""
    layers = [layer for layer in simple_cnn() if not isinstance(layer, nn.ReLU)]
    layers = [nn.AvgPool2d(2) if isinstance(layer, nn.MaxPool2d) else layer for layer in layers]
    net = nn.Sequential(*layers).double()
    x, y = torch.randn(2, 1, 1, 28, 28, dtype=torch.float64)
    origin = net(torch.zeros_like(x))
    return torch.allclose(
        net(2 * x + 3 * y) - origin, 2 * (net(x) - origin) + 3 * (net(y) - origin)
    )


def transposed_is_adjoint() -> bool:
    """Whether ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩."""
    x, y = torch.randn(1, 2, 6, 6).double(), torch.randn(1, 3, 4, 4).double()
    weight = torch.randn(3, 2, 3, 3).double()
    there = (F.conv2d(x, weight) * y).sum()
    return bool(there.isclose((x * F.conv_transpose2d(y, weight)).sum()))


def transposed_is_not_inverse() -> bool:
    """Whether back by the same weights is another picture of the same shape."""
    x, weight = torch.rand(1, 1, 8, 8), torch.full((1, 1, 3, 3), 1 / 9)
    back = F.conv_transpose2d(F.conv2d(x, weight), weight)
    return back.shape == x.shape and not torch.allclose(back, x, atol=0.1)


def norms_share_axes() -> bool:
    """Whether each norm makes the means 0 over the axes that the quiz names, and no finer ones."""
    x = 3 + torch.randn(4, 3, 5, 6, dtype=torch.float64) * torch.arange(1.0, 4)[:, None, None]
    axes = {
        nn.BatchNorm2d(3): (0, 2, 3),
        nn.InstanceNorm2d(3): (2, 3),
        nn.LayerNorm([3, 5, 6]): (1, 2, 3),
        nn.LayerNorm(6): (3,),
    }
    return all(
        torch.allclose(y.mean(over), torch.zeros(1).double(), atol=1e-9)
        and not torch.allclose(y.mean(finer), torch.zeros(1).double(), atol=1e-3)
        for layer, over in axes.items()
        for y in [layer.double()(x)]
        for finer in [(2,) if over == (3,) else (3,) if 2 in over else over[1:]]
    )


def only_eval_forgets_neighbours() -> bool:
    """Whether batch norm's answer depends on the batch in training, and not after eval()."""
    norm, x = nn.BatchNorm2d(2), torch.randn(8, 2, 3, 3)
    together, alone = norm(x)[:1], norm(x[:1])
    moved = not torch.equal(norm.running_mean, torch.zeros(2))
    norm.eval()
    return (
        moved
        and not torch.allclose(together, alone)
        and torch.allclose(norm(x)[:1], norm(x[:1]), atol=1e-6)
    )


def dead_units_get_nothing() -> bool:
    """Whether a unit that is negative everywhere gets no gradient through ReLU, some if leaky."""
    slopes = []
    for activation in (F.relu, F.leaky_relu):
        bias = torch.tensor(-100.0, requires_grad=True)
        activation(torch.randn(50) + bias).sum().backward()
        slopes.append(round(bias.grad.item() / 50, 6))
    return slopes == [0.0, 0.01]


def formula_gives_nan() -> bool:
    """Whether the formula gives 0 and nan at −1000, and torch's function 0 and 0."""
    found = []
    for function in (lambda x: 1 / (1 + torch.exp(-x)), torch.sigmoid):
        x = torch.tensor(-1000.0, requires_grad=True)
        y = function(x)
        y.backward()
        found.append((y.item(), math.isnan(x.grad.item()), x.grad.item() == 0))
    return found == [(0.0, True, False), (0.0, False, True)]


def dropout_keeps_the_mean() -> bool:
    """Whether the mean stays about the same, eval() changes nothing, and 2d drops whole maps."""
    torch.manual_seed(0)
    x = torch.ones(100, 50, 4, 4)
    y = nn.Dropout2d(0.5)(x)
    whole = (y == y[:, :, :1, :1]).all()
    mean = abs(F.dropout(x, 0.5).mean().item() - 1) < 0.02
    return bool(whole) and mean and torch.equal(nn.Dropout(0.5).eval()(x), x)


def learns_noise_by_heart(make_norm) -> bool:
    """Whether a small net with these norms learns random labels of pure noise without a mistake."""
    torch.manual_seed(0)
    x, labels = torch.randn(24, 1, 8, 8), torch.randint(10, (24,))
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), make_norm(16), nn.ReLU(), nn.Flatten(), nn.Linear(1024, 10)
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(40):
        optimizer.zero_grad()
        F.cross_entropy(net(x), labels).backward()
        optimizer.step()
    return torch.equal(net(x).argmax(dim=1), labels)


def bilinear_is_linear_twice() -> bool:
    """Whether twice one argument is twice the result, when there is no bias."""
    layer = nn.Bilinear(3, 4, 2, bias=False)
    a, b = torch.randn(1, 3), torch.randn(1, 4)
    return all(
        torch.allclose(2 * layer(a, b), y, atol=1e-6) for y in (layer(2 * a, b), layer(a, 2 * b))
    )


def embedding_is_one_hot() -> bool:
    """Whether a row of the table is what a linear layer makes of a one-hot vector."""
    table, symbols = nn.Embedding(7, 3), torch.tensor([2, 5])
    return torch.equal(table(symbols), F.one_hot(symbols, 7).float() @ table.weight)


def sums_forget_order() -> bool:
    """Whether a sum forgets the order, also with positions, unless a ReLU comes before the sum."""
    words = torch.tensor([0, 1, 2])
    table = nn.Embedding(3, 4, _weight=torch.randn(3, 4, generator=torch.manual_seed(1))).double()
    there, back = table(words), table(words.flip(0))
    places = positions(3, 4)
    return (
        torch.allclose(there.sum(0), back.sum(0))
        and torch.allclose((there + places).sum(0), (back + places).sum(0))
        and not torch.allclose(F.relu(there + places).sum(0), F.relu(back + places).sum(0))
    )
