"""Wrong and other right solutions of `seven_kernels`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "seven_kernels",
    says="Sobel X and Sobel Y are exchanged. "
    "Sobel X compares the columns left and right of a pixel: −1, 0, 1 run along each row.",
)
def sobels_exchanged():
    kernels = {
        "sobel_x": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "sobel_y": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="All your kernels in X compare rows, and Sobel Y compares columns. "
    "X is the direction along a row: Sobel X and Prewitt X have −1, 0, 1 in each row.",
)
def all_exchanged():
    kernels = {
        "sobel_x": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "sobel_y": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "prewitt_x": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your kernels are turned by 180°, as a true convolution would turn them. "
    "Deep learning slides a kernel as it is written: Sobel X has −1 on the left, 1 on the right.",
)
def turned_by_180_degrees():
    kernels = {
        "sobel_x": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
        "sobel_y": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
        "prewitt_x": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[2, 1, 0], [1, 1, -1], [0, -1, -2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Sobel Y is upside down. "
    "Row numbers grow downwards, so it has −1, −2, −1 in its top row: it is Sobel X transposed.",
)
def sobel_y_upside_down():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Sobel kernels are Prewitt kernels. "
    "Sobel counts the middle row (or column) twice: −2, 0, 2.",
)
def sobel_without_the_two():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "sobel_y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Prewitt kernel is a Sobel kernel. "
    "Prewitt counts its three rows alike: −1, 0, 1 three times.",
)
def prewitt_with_the_two():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Gaussian adds up to 16, so it makes a picture sixteen times as bright. "
    "Divide it by the sum of its weights.",
)
def gaussian_not_normalised():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="You divided the Gaussian by 9, the number of its weights. "
    "Divide it by their sum, 1 + 2 + 1 + 2 + 4 + 2 + 1 + 2 + 1 = 16.",
)
def gaussian_divided_by_nine():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 9, 2 / 9, 1 / 9], [2 / 9, 4 / 9, 2 / 9], [1 / 9, 2 / 9, 1 / 9]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Gaussian holds nothing but zeros, because 1 // 16 is 0. "
    "Divide with `/`, and make the kernel of floats.",
)
def gaussian_lost_in_whole_numbers():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[n // 16 for n in row] for row in [[1, 2, 1], [2, 4, 2], [1, 2, 1]]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Laplacian has −4 in the middle: that is ∇² itself. "
    "The kernel of this lesson is −∇², with 4 in the middle and −1 around it.",
)
def laplacian_sign():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your Laplacian looks at all eight neighbours. "
    "Here it looks at the four direct ones: 4 in the middle, and 0 in the corners.",
)
def laplacian_of_eight_neighbours():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your sharpen kernel adds up to 0: it keeps the edges and throws the picture away. "
    "Add the picture itself, a 1 in the middle: 5, not 4.",
)
def sharpen_is_the_laplacian():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your sharpen kernel looks at all eight neighbours. "
    "Here it is the picture plus the Laplacian of four: 5 in the middle, and 0 in the corners.",
)
def sharpen_of_eight_neighbours():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your emboss kernel has 0 in the middle and adds up to 0, so the picture itself is gone. "
    "Put a 1 in the middle.",
)
def emboss_without_the_picture():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your kernels hold whole numbers, and torch refuses to slide them over floats. "
    "Make them with dtype=torch.float32.",
)
def whole_numbers():
    kernels = {
        "sobel_x": torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        "sobel_y": torch.tensor([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        "prewitt_x": torch.tensor([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
        "laplacian": torch.tensor([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
        "gaussian": torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        "sharpen": torch.tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        "emboss": torch.tensor([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    }
    kernels["gaussian"] = kernels["gaussian"] / 16
    return kernels


@misconception(
    "seven_kernels",
    says="Your kernels are float64, and a photograph is float32. "
    "Make them with dtype=torch.float32.",
)
def float64_kernels():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows, dtype=torch.float64) for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="Your kernels have the axes of a layer's weight already. "
    "Here each is a plain table of shape (3, 3); the two axes come when it is used.",
)
def axes_of_a_layer():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: torch.tensor(rows)[None, None].float() for name, rows in kernels.items()}


@misconception(
    "seven_kernels",
    says="You return the kernels without their names. "
    "Return a dict: the name of each kernel, and its tensor.",
)
def a_list_without_names():
    kernels = {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return [torch.tensor(rows, dtype=torch.float32) for rows in kernels.values()]


@misconception(
    "seven_kernels",
    says="Your kernels are lists of numbers. Wrap each in torch.tensor(…, dtype=torch.float32).",
)
def lists_of_numbers():
    return {
        "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
        "laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }


@alternative("seven_kernels")
def outer_products():
    slope, smooth = torch.tensor([-1.0, 0.0, 1.0]), torch.tensor([1.0, 2.0, 1.0])
    plus = torch.tensor([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    identity = torch.zeros(3, 3)
    identity[1, 1] = 1
    ramp = torch.arange(3.0) - 1
    return {
        "sobel_x": torch.outer(smooth, slope),
        "sobel_y": torch.outer(slope, smooth),
        "prewitt_x": torch.outer(torch.ones(3), slope),
        "laplacian": 5 * identity - plus,
        "gaussian": torch.outer(smooth, smooth) / 16,
        "sharpen": 6 * identity - plus,
        "emboss": ramp[:, None] + ramp + identity,
    }


@alternative("seven_kernels")
def from_one_row_of_numbers():
    numbers = """
        sobel_x    -1 0 1  -2 0 2  -1 0 1
        sobel_y    -1 -2 -1  0 0 0  1 2 1
        prewitt_x  -1 0 1  -1 0 1  -1 0 1
        laplacian  0 -1 0  -1 4 -1  0 -1 0
        gaussian   1 2 1  2 4 2  1 2 1
        sharpen    0 -1 0  -1 5 -1  0 -1 0
        emboss     -2 -1 0  -1 1 1  0 1 2
    """
    kernels = {}
    for line in numbers.strip().splitlines():
        name, *weights = line.split()
        kernels[name] = torch.tensor([float(weight) for weight in weights]).reshape(3, 3)
    kernels["gaussian"] /= kernels["gaussian"].sum()
    return kernels


@alternative("seven_kernels")
def by_place():
    # m and n are steps away from the middle, down and to the right.
    rules = {
        "sobel_x": lambda m, n: n * (2 - abs(m)),
        "sobel_y": lambda m, n: m * (2 - abs(n)),
        "prewitt_x": lambda m, n: n,
        "laplacian": lambda m, n: (4, -1, 0)[abs(m) + abs(n)],
        "gaussian": lambda m, n: (4, 2, 1)[abs(m) + abs(n)] / 16,
        "sharpen": lambda m, n: (5, -1, 0)[abs(m) + abs(n)],
        "emboss": lambda m, n: m + n + (m == n == 0),
    }
    steps = (-1, 0, 1)
    return {
        name: torch.tensor([[float(rule(m, n)) for n in steps] for m in steps])
        for name, rule in rules.items()
    }
