"""Wrong and other right solutions of `lenet5`."""

import torch
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "lenet5",
    says="You pool the largest value. LeNet-5 takes the mean: nn.AvgPool2d(2).",
)
def max_pooled():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your net bends with ReLU. That came into fashion with AlexNet; in 1998 it was tanh.",
)
def with_relu():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.ReLU()),
        *(nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your net bends with the sigmoid, from 0 to 1. Take tanh, from −1 to 1: nn.Tanh().",
)
def with_sigmoid():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid()),
        *(nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Nothing bends your net. "
    "Without activations all its layers are worth one: tanh comes after each but the last.",
)
def never_bent():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your dense layers follow each other without a tanh, so that three are worth one. "
    "Bend after the 120 and after the 84.",
)
def dense_not_bent():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your convolutions are not followed by tanh. Bend after them too, before the pooling.",
)
def convolutions_not_bent():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="You pool before tanh. The mean of bent numbers is not the bent mean: "
    "convolution, tanh, pooling.",
)
def pooled_before_tanh():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2), nn.Tanh()),
        *(nn.Conv2d(6, 16, 5), nn.AvgPool2d(2), nn.Tanh()),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="You bend the scores too. The last layer's ten numbers are the answer as they are.",
)
def scores_bent():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10), nn.Tanh()),
    )


@misconception(
    "lenet5",
    says="Your net ends with a softmax. cross_entropy has one inside, so give it the logits.",
)
def softmax_inside():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10), nn.Softmax(dim=1)),
    )


@misconception(
    "lenet5",
    says="You flatten over the batch too, so that all pictures become one. "
    "Keep the first axis: nn.Flatten(), or x.flatten(1).",
)
def batch_flattened():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(0), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your first layer pads by 2, as it must for MNIST's 28 pixels. "
    "The net of 1998 is given 32 and loses the rim: no padding.",
)
def padded_for_28():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your maps keep their size: the convolutions are padded. "
    "Without padding 32 becomes 28, 14, 10 and 5.",
)
def always_padded():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(16 * 8 * 8, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your kernels are 3×3. LeNet-5's are 5×5.",
)
def kernels_3_by_3():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 3), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(16 * 6 * 6, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="The layer of 84 is missing. After the 120 come 84, and only then the 10.",
)
def layer_of_84_missing():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 10)),
    )


@misconception(
    "lenet5",
    says="Your first layer expects three colours. LeNet-5 reads grey digits: one channel.",
)
def three_colours():
    return nn.Sequential(
        *(nn.Conv2d(3, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="Your convolutions have no biases. Leave bias=False away: each filter has one here.",
)
def biases_left_out():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, bias=False), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5, bias=False), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )


@misconception(
    "lenet5",
    says="You return the class, not the net. Return the nn.Module itself, made and ready to call.",
)
def class_for_net():
    class LeNet5(nn.Sequential):
        def __init__(self):
            super().__init__(
                *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
                *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
                *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh()),
                *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
            )

    return LeNet5


@alternative("lenet5")
def class_with_forward():
    class LeNet5(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
            self.dense = nn.ModuleList([nn.Linear(400, 120), nn.Linear(120, 84)])
            self.scores = nn.Linear(84, 10)

        def forward(self, x):
            for conv in (self.first, self.second):
                x = nn.functional.avg_pool2d(torch.tanh(conv(x)), 2)
            x = x.flatten(start_dim=1)
            for layer in self.dense:
                x = layer(x).tanh()
            return self.scores(x)

    return LeNet5()


@alternative("lenet5")
def features_and_head():
    features, C_in = nn.Sequential(), 1
    for number, C_out in enumerate((6, 16)):
        features.add_module(f"conv{number}", nn.Conv2d(C_in, C_out, kernel_size=5))
        features.add_module(f"bend{number}", nn.Tanh())
        features.add_module(f"pool{number}", nn.AvgPool2d(kernel_size=2, stride=2))
        C_in = C_out
    size, head = 16 * 5 * 5, [nn.Flatten()]
    for following in (120, 84):
        head += [nn.Linear(size, following), nn.Tanh()]
        size = following
    return nn.Sequential(features, *head, nn.Linear(84, 10))


@alternative("lenet5")
def pooling_by_reshape():
    class Mean(nn.Module):
        def forward(self, x):
            N, C, H, W = x.shape
            return x.reshape(N, C, H // 2, 2, W // 2, 2).mean(dim=(3, 5))

    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 6, (5, 5)), nn.Tanh(), Mean()),
        nn.Sequential(nn.Conv2d(6, 16, (5, 5)), nn.Tanh(), Mean()),
        nn.Flatten(start_dim=-3),
        nn.Sequential(nn.Linear(16 * 25, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()),
        nn.Linear(84, 10),
    )


@alternative("lenet5")
def dense_layer_as_convolution():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten()),  # as the paper draws it: 1×1 maps
        *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
