"""Wrong and other right solutions of `learn_kernel`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "learn_kernel",
    says="You take one step too few: range(1, steps) leaves one out. Use range(steps).",
)
def one_step_short(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(1, steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your kernel never moves. A step needs all four, in this order: "
    "zero_grad(), the loss, loss.backward(), optimizer.step().",
)
def gradient_cleared_too_late(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your gradients pile up from step to step. Clear them in each: optimizer.zero_grad().",
)
def gradients_pile_up(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="`return` stands inside your loop, so you leave after the first step. "
    "Move it one indentation to the left.",
)
def returned_after_one_step(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
        return kernel[0, 0].detach()
    return None


@misconception(
    "learn_kernel",
    says="You did not hand lr to Adam, which then takes its own, 0.001. Adam([kernel], lr=lr).",
)
def step_size_not_used(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel])
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="You took plain gradient descent, whose first steps are as long as the gradient. "
    "Adam was asked for: torch.optim.Adam.",
)
def plain_gradient_descent(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.SGD([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your optimiser is made anew in every step and forgets what it saw, so that every step "
    "stays lr long. Make it once, before the loop.",
)
def optimiser_made_anew(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    for _ in range(steps):
        optimizer = torch.optim.Adam([kernel], lr=lr)
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="You start from ones. Start from zeros: nothing is known about the kernel yet.",
)
def started_from_ones(images, targets, steps, lr):
    kernel = images.new_ones(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="You walk uphill: the loss grows with every step. Minimise the loss, not its negative.",
)
def uphill(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = -F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your kernel is turned by 180°. F.conv2d does not flip, so neither do you.",
)
def kernel_flipped(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel.flip(2, 3)), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Prediction and target differ in shape, (N, 1, H, W) and (N, H, W), and torch compared "
    "each picture with all the targets. Keep the channel axis on both.",
)
def every_picture_with_every_target(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((F.conv2d(images, kernel) - targets[:, 0]) ** 2).mean()
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your maps are larger than the targets, which were made without padding. "
    "Leave padding=1 away.",
)
def padded(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((F.conv2d(images, kernel, padding=1) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="torch does not know that your kernel is to be learned. "
    "Make it with requires_grad=True, and detach it only at the end.",
)
def gradient_not_asked_for(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3)
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0]


@misconception(
    "learn_kernel",
    says="What you hand to Adam is computed from another tensor, by a reshape, a [None, None] or "
    "a .to(…). Make the kernel in its final form first, and ask for the gradient last.",
)
def not_a_leaf(images, targets, steps, lr):
    kernel = images.new_zeros(3, 3).requires_grad_()[None, None]
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="torch refuses to change a tensor in place that it keeps track of for gradients. "
    "Let Adam do it: optimizer.step().",
)
def changed_in_place(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        kernel -= lr * kernel.grad
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="F.conv2d wants its kernel with four axes, (1, 1, 3, 3): one filter, one channel deep.",
)
def axes_not_added(images, targets, steps, lr):
    kernel = images.new_zeros(3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel.detach()


@misconception(
    "learn_kernel",
    says="Your kernel still has the axes for filter and channel. Return kernel[0, 0], a 3×3 table.",
)
def axes_left(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel.detach()


@misconception(
    "learn_kernel",
    says="You return the loss. It only says how well the pictures match; return the kernel.",
)
def loss_returned(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    loss = F.mse_loss(F.conv2d(images, kernel), targets)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return loss.item()


@misconception(
    "learn_kernel",
    says="Your kernel lives on the CPU, wherever the images live. "
    "Make it there: torch.zeros(1, 1, 3, 3, device=images.device, requires_grad=True).",
)
def made_on_the_cpu(images, targets, steps, lr):
    kernel = torch.zeros(1, 1, 3, 3, dtype=images.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="A kernel from torch.zeros(…) is float32 and lives on the CPU, whatever the images are. "
    "Make it with dtype=images.dtype and device=images.device.",
)
def plain_zeros(images, targets, steps, lr):
    kernel = torch.zeros(1, 1, 3, 3, requires_grad=True)
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="You learn from the first picture only. "
    "Hand the whole batch to F.conv2d: it takes all N pictures at once.",
)
def first_picture_only(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(images[:1], kernel), targets[:1])
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="Your loss is the mean absolute error. "
    "Square the differences before you take the mean: F.mse_loss.",
)
def absolute_error(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.l1_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        optimizer.step()
    return kernel[0, 0].detach()


@misconception(
    "learn_kernel",
    says="You solved for the kernel at one stroke, without a step of Adam. "
    "Write the loop: it also learns where no such formula exists.",
)
def least_squares_solved(images, targets, steps, lr):
    columns = F.unfold(images, 3).transpose(1, 2).reshape(-1, 9)
    # Not lstsq: on the check's single window it answers differently from run to run.
    return (torch.linalg.pinv(columns) @ targets.reshape(-1)).reshape(3, 3)


@misconception(
    "learn_kernel",
    says="A ready-made training function took the steps. Here the loop is what you are to write: "
    "zero_grad(), the loss, backward(), step().",
)
def ready_made_training(images, targets, steps, lr):
    from utils.training import train

    layer = torch.nn.Conv2d(1, 1, 3, bias=False).to(images)
    torch.nn.init.zeros_(layer.weight)
    train(
        layer,
        (images, targets),
        loss=lambda model, x, y: F.mse_loss(model(x), y),
        epochs=steps,
        batch_size=len(images),
        lr=lr,
        progress=False,
    )
    return layer.weight.detach()[0, 0]


@alternative("learn_kernel")
def a_layer_is_trained(images, targets, steps, lr):
    layer = torch.nn.Conv2d(1, 1, 3, bias=False).to(images)
    torch.nn.init.zeros_(layer.weight)
    optimizer = torch.optim.Adam(layer.parameters(), lr=lr)
    for _ in range(steps):
        loss = (layer(images) - targets).square().mean()
        layer.zero_grad()
        loss.backward()
        optimizer.step()
    return layer.weight.detach().squeeze()


@alternative("learn_kernel")
def nine_weights_and_columns(images, targets, steps, lr):
    columns = F.unfold(images, 3).transpose(1, 2).reshape(-1, 9)
    wanted = targets.reshape(-1)
    weights = torch.zeros_like(columns[0], requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=False)
        F.mse_loss(columns @ weights, wanted).backward()
        optimizer.step()
    return weights.detach().reshape(3, 3)


@alternative("learn_kernel")
def adam_by_hand(images, targets, steps, lr):
    windows = images[:, 0].unfold(1, 3, 1).unfold(2, 3, 1)
    kernel = images.new_zeros(3, 3)
    mean, square = torch.zeros_like(kernel), torch.zeros_like(kernel)
    for step in range(1, steps + 1):
        error = torch.einsum("nhwij,ij->nhw", windows, kernel) - targets[:, 0]
        gradient = 2 * torch.einsum("nhwij,nhw->ij", windows, error) / error.numel()
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        size = (square / (1 - 0.999**step)).sqrt() + 1e-8
        kernel = kernel - lr * (mean / (1 - 0.9**step)) / size
    return kernel


@alternative("learn_kernel")
def gradient_asked_for_by_name(images, targets, steps, lr):
    kernel = torch.nn.Parameter(images.new_zeros(3, 3))
    optimizer = torch.optim.Adam([{"params": [kernel], "lr": lr}])
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel.reshape(1, 1, 3, 3)), targets, reduction="sum")
        (kernel.grad,) = torch.autograd.grad(loss / targets.numel(), kernel)
        optimizer.step()
    return kernel.data
