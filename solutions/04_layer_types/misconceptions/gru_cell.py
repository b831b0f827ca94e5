"""Wrong and other right solutions of `gru_cell`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "gru_cell",
    says="Your update gate works the other way round. In torch z = 1 keeps the old state: "
    "(1 − z)·n + z·h. (The 2014 paper's text and many drawings differ here.)",
)
def update_turned_round(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return z * n + (1 - z) * h


@misconception(
    "gru_cell",
    says="You multiply the state by r before the matrix, as the first paper did. "
    "torch multiplies after it: n = tanh(… + r·(h @ W_hn.T + b_hn)).",
)
def reset_before_the_matrix(x, h, W_x, W_h, b_x, b_h):
    D = h.shape[1]
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, _ = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + (r * h) @ W_h[2 * D :].T + b_h[2 * D :])
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="Reset and update gate are exchanged. The rows of W_x and W_h stand in the order "
    "reset, update, new.",
)
def gates_exchanged(x, h, W_x, W_h, b_x, b_h):
    z_x, r_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    z_h, r_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="The reset gate is not used. It decides how much of the old state the new one sees: "
    "n = tanh(… + r·(h @ W_hn.T + b_hn)).",
)
def reset_not_used(x, h, W_x, W_h, b_x, b_h):
    _, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    _, z_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    z = torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="Your reset gate weakens the input too. It belongs to the state's part alone: "
    "tanh(n_x + r·n_h), not tanh(r·(n_x + n_h)).",
)
def input_reset_too(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(r * (n_x + n_h))
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="The bias b_h of the new state stands outside your reset gate. "
    "torch resets it as well: r·(h @ W_hn.T + b_hn).",
)
def bias_not_reset(x, h, W_x, W_h, b_x, b_h):
    D = h.shape[1]
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h + b_h[:D]), torch.sigmoid(z_x + z_h + b_h[D : 2 * D])
    n = torch.tanh(n_x + r * n_h + b_h[2 * D :])
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="Your new state comes out of a sigmoid, so that it is never negative. Gates are sigmoids; "
    "the new state is a tanh.",
)
def sigmoid_for_the_new_state(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.sigmoid(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="Your gates have no sigmoid. A gate is a share between 0 and 1: torch.sigmoid(…).",
)
def gates_without_sigmoid(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    r, z = r_x + r_h, z_x + z_h
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="You return the new state alone. It is mixed with the old one: (1 − z)·n + z·h.",
)
def old_state_forgotten(x, h, W_x, W_h, b_x, b_h):
    r_x, _, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, _, n_h = (h @ W_h.T + b_h).chunk(3, dim=1)
    return torch.tanh(n_x + torch.sigmoid(r_x + r_h) * n_h)


@misconception(
    "gru_cell",
    says="Only one of the two biases is used. b_x belongs to x @ W_x.T and b_h to h @ W_h.T.",
)
def one_bias_only(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h.T).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="chunk(3) without dim cuts the batch into three. "
    "The gates lie side by side in the columns: chunk(3, dim=1).",
)
def batch_cut_in_three(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x.T + b_x).chunk(3)
    r_h, z_h, n_h = (h @ W_h.T + b_h).chunk(3)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="The weights are not transposed. Each of their rows makes one number: x @ W_x.T.",
)
def not_transposed(x, h, W_x, W_h, b_x, b_h):
    r_x, z_x, n_x = (x @ W_x + b_x).chunk(3, dim=1)
    r_h, z_h, n_h = (h @ W_h + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h


@misconception(
    "gru_cell",
    says="torch's own cell did the work. Write it out: two gates, the new state, the mixture.",
)
def ready_made(x, h, W_x, W_h, b_x, b_h):
    return torch.gru_cell(x, h, W_x, W_h, b_x, b_h)


@alternative("gru_cell")
def gate_by_gate(x, h, W_x, W_h, b_x, b_h):
    def gate(k):
        rows = slice(k * h.shape[1], (k + 1) * h.shape[1])
        return x @ W_x[rows].T + b_x[rows], h @ W_h[rows].T + b_h[rows]

    reset = torch.sigmoid(sum(gate(0)))
    update = torch.sigmoid(sum(gate(1)))
    from_x, from_h = gate(2)
    new = torch.tanh(from_x + reset * from_h)
    return new + update * (h - new)


@alternative("gru_cell")
def one_product_for_both_gates(x, h, W_x, W_h, b_x, b_h):
    D = h.shape[1]
    both, weights = torch.cat([x, h], dim=1), torch.cat([W_x, W_h], dim=1)[: 2 * D]
    gates = 1 / (1 + torch.exp(-(both @ weights.T + (b_x + b_h)[: 2 * D])))
    r, z = gates[:, :D], gates[:, D:]
    from_h = torch.addmm(b_h[2 * D :], h, W_h[2 * D :].T)
    n = torch.tanh(torch.addmm(b_x[2 * D :], x, W_x[2 * D :].T) + r * from_h)
    return torch.lerp(n, h, z)


@alternative("gru_cell")
def gates_on_an_axis_of_their_own(x, h, W_x, W_h, b_x, b_h):
    D = h.shape[1]
    from_x = torch.einsum("ni,gdi->gnd", x, W_x.reshape(3, D, -1)) + b_x.reshape(3, 1, D)
    from_h = torch.einsum("ne,gde->gnd", h, W_h.reshape(3, D, D)) + b_h.reshape(3, 1, D)
    r, z = ((from_x[:2] + from_h[:2]) / 2).tanh() / 2 + 0.5  # the sigmoid, by tanh
    n = (from_x[2] + r * from_h[2]).tanh()
    return n - z * n + z * h


@alternative("gru_cell")
def example_by_example(x, h, W_x, W_h, b_x, b_h):
    rows = []
    for a, s in zip(x, h, strict=True):
        r_x, z_x, n_x = (W_x @ a + b_x).reshape(3, -1)
        r_h, z_h, n_h = (W_h @ s + b_h).reshape(3, -1)
        z = torch.sigmoid(z_x + z_h)
        rows.append((1 - z) * torch.tanh(n_x + torch.sigmoid(r_x + r_h) * n_h) + z * s)
    return torch.stack(rows)
