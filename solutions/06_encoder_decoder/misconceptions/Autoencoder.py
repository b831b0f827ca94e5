"""Wrong and other right solutions of `Autoencoder`."""

import torch
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "Autoencoder",
    says="A ReLU follows the code, so that no latent number can be negative: "
    "half of the latent space is thrown away. The encoder ends with its Linear.",
)
class ReluOnTheCode(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten())
        for i in range(1, len(sizes)):
            self.encoder.extend([nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()])
        back = []
        for i in range(len(sizes) - 1, 0, -1):
            back += [nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU()]
        self.decoder = nn.Sequential(*back[:-1], nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="A ReLU stands before your sigmoid. It lets nothing below 0 through, so that no pixel can "
    "get darker than sigmoid(0) = 0.5. The last Linear is followed by the sigmoid alone.",
)
class ReluBeforeTheSigmoid(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there = [nn.Flatten()]
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential()
        for i in range(len(sizes) - 1, 0, -1):
            self.decoder.extend([nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU()])
        self.decoder.append(nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="Your decoder ends in a ReLU: a pixel whose sum is negative is stuck at 0 without a "
    "gradient, and nothing keeps the others below 1. End with the sigmoid.",
)
class ReluAtTheEnd(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there = [nn.Flatten()]
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential()
        for i in range(len(sizes) - 1, 0, -1):
            self.decoder.extend([nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU()])

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="Nothing keeps your pixels between 0 and 1. Put nn.Sigmoid() after the last Linear.",
)
class SigmoidMissing(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there, back = [nn.Flatten()], []
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
            back = [nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU(), *back]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential(*back[:-1])

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="The ReLUs between your layers are missing: several Linears in a row do no more than one, "
    "and the code no more than PCA.",
)
class ReluMissing(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there, back = [nn.Flatten()], []
        for i in range(1, len(sizes)):
            there.append(nn.Linear(sizes[i - 1], sizes[i]))
            back.insert(0, nn.Linear(sizes[i], sizes[i - 1]))
        self.encoder = nn.Sequential(*there)
        self.decoder = nn.Sequential(*back, nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="Your decoder leaps from the code to the pixels in one layer. It mirrors the encoder: "
    "the same sizes in the opposite order.",
)
class DecoderInOneLeap(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there = [nn.Flatten()]
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential(nn.Linear(sizes[-1], sizes[0]), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x)).reshape(x.shape)


@misconception(
    "Autoencoder",
    says="Your pictures come back flat, (N, D). Give them the shape that they came with: "
    ".reshape(x.shape).",
)
class ComesBackFlat(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there, back = [nn.Flatten()], []
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
            back = [nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU(), *back]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential(*back[:-1], nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


@misconception(
    "Autoencoder",
    says="Your forward returns the code. It goes on to the picture: decoder(encoder(x)).",
)
class CodeReturned(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        there, back = [nn.Flatten()], []
        for i in range(1, len(sizes)):
            there += [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU()]
            back = [nn.Linear(sizes[i], sizes[i - 1]), nn.ReLU(), *back]
        self.encoder = nn.Sequential(*there[:-1])
        self.decoder = nn.Sequential(*back[:-1], nn.Sigmoid())

    def forward(self, x):
        return self.encoder(x)


@alternative("Autoencoder")
class PairsOfLayers(nn.Module):
    def __init__(self, sizes):
        super().__init__()

        def stack(widths):
            row = []
            for i in range(len(widths) - 1):
                if i > 0:
                    row.append(nn.ReLU(inplace=True))
                row.append(nn.Linear(widths[i], widths[i + 1]))
            return row

        self.encoder = nn.Sequential(nn.Flatten(), *stack(list(sizes)))
        self.decoder = nn.Sequential(*stack(list(reversed(sizes))), nn.Sigmoid())

    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(z).view_as(x)


@alternative("Autoencoder")
class GrownFromTheMiddle(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        *_, last, code = sizes
        there, back = [nn.Linear(last, code)], [nn.Linear(code, last)]
        for i in range(len(sizes) - 2, 0, -1):
            there = [nn.Linear(sizes[i - 1], sizes[i]), nn.ReLU(), *there]
            back = [*back, nn.ReLU(), nn.Linear(sizes[i], sizes[i - 1])]
        self.encoder = nn.Sequential(nn.Flatten(start_dim=1), *there)
        self.decoder = nn.Sequential(*back)
        self.decoder.append(nn.Sigmoid())

    def forward(self, x):
        return torch.unflatten(self.decoder(self.encoder(x)), 1, x.shape[1:])
