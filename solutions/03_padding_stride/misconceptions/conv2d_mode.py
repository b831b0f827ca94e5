"""Wrong and other right solutions of `conv2d_mode`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv2d_mode",
    says="The extra zero stands at the start. With an even kernel 'same' needs an odd number of "
    "zeros; torch puts the extra one at the end, below and to the right.",
)
def extra_zero_first(image, kernel, mode):
    K_h, K_w = kernel.shape
    top, left = {"valid": (0, 0), "same": (K_h // 2, K_w // 2), "full": (K_h - 1, K_w - 1)}[mode]
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = F.pad(image, (left, right, top, bottom))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="K // 2 zeros on every side keep the size of odd kernels only; an even kernel makes the "
    "map grow. 'same' needs K − 1 zeros in all: (K − 1) // 2 before, the rest behind.",
)
def half_a_kernel_on_each_side(image, kernel, mode):
    K_h, K_w = kernel.shape
    P_h, P_w = {"valid": (0, 0), "same": (K_h // 2, K_w // 2), "full": (K_h - 1, K_w - 1)}[mode]
    framed = F.pad(image, (P_w, P_w, P_h, P_h))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Your 'same' map shrinks with an even kernel, since (K − 1) // 2 zeros on both sides are "
    "one too few. It needs K − 1 in all: the rest goes to the end.",
)
def same_one_short(image, kernel, mode):
    K_h, K_w = kernel.shape
    same = ((K_h - 1) // 2, (K_w - 1) // 2)
    P_h, P_w = {"valid": (0, 0), "same": same, "full": (K_h - 1, K_w - 1)}[mode]
    framed = F.pad(image, (P_w, P_w, P_h, P_h))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Your 'same' map puts zeros where windows hang over the edge. "
    "Those windows are computed too, with zeros around the image instead of in the result.",
)
def zeros_around_the_map(image, kernel, mode):
    K_h, K_w = kernel.shape
    if mode == "same":
        valid = F.conv2d(image[None, None], kernel[None, None])[0, 0]
        top, left = (K_h - 1) // 2, (K_w - 1) // 2
        return F.pad(valid, (left, K_w - 1 - left, top, K_h - 1 - top))
    P_h, P_w = (K_h - 1, K_w - 1) if mode == "full" else (0, 0)
    framed = F.pad(image, (P_w, P_w, P_h, P_h))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="You repeat the image's edge in 'same'. The border that it asks for is made of zeros.",
)
def edge_repeated(image, kernel, mode):
    K_h, K_w = kernel.shape
    if mode == "same":
        top, left = (K_h - 1) // 2, (K_w - 1) // 2
        frame = (left, K_w - 1 - left, top, K_h - 1 - top)
        framed = F.pad(image[None, None], frame, mode="replicate")
        return F.conv2d(framed, kernel[None, None])[0, 0]
    P_h, P_w = (K_h - 1, K_w - 1) if mode == "full" else (0, 0)
    framed = F.pad(image, (P_w, P_w, P_h, P_h))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="You cut 'same' out of the full map at its corner. "
    "It lies in the middle: K // 2 rows and columns further in.",
)
def same_cut_from_the_corner(image, kernel, mode):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    framed = F.pad(image, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    full = F.conv2d(framed[None, None], kernel[None, None])[0, 0]
    if mode == "valid":
        return full[K_h - 1 : H, K_w - 1 : W]
    return full[:H, :W] if mode == "same" else full


@misconception(
    "conv2d_mode",
    says="Your 'full' map is too large: its outermost windows see nothing but zeros. "
    "K − 1 zeros on each side leave one pixel of overlap.",
)
def full_one_too_far(image, kernel, mode):
    K_h, K_w = kernel.shape
    top, left = {"valid": (0, 0), "full": (K_h, K_w)}.get(mode, ((K_h - 1) // 2, (K_w - 1) // 2))
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = F.pad(image, (left, right, top, bottom))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Your 'full' map has zeros on one side only. "
    "K − 1 stand above and below, and K − 1 left and right: the map has H + K_h − 1 rows.",
)
def full_on_one_side(image, kernel, mode):
    K_h, K_w = kernel.shape
    top, left = {"valid": (0, 0), "same": ((K_h - 1) // 2, (K_w - 1) // 2)}.get(
        mode, (K_h - 1, K_w - 1)
    )
    bottom, right = (K_h - 1 - top, K_w - 1 - left) if mode == "same" else (0, 0)
    framed = F.pad(image, (left, right, top, bottom))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Your kernel is turned by 180°, as scipy.signal.convolve2d turns it. "
    "Deep learning's convolution slides it as it is.",
)
def kernel_flipped(image, kernel, mode):
    K_h, K_w = kernel.shape
    top, left = {"valid": (0, 0), "full": (K_h - 1, K_w - 1)}.get(
        mode, ((K_h - 1) // 2, (K_w - 1) // 2)
    )
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = F.pad(image, (left, right, top, bottom))
    return F.conv2d(framed[None, None], kernel.flip(0, 1)[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Only your 'full' kernel is turned by 180°. "
    "The three modes differ in their zeros alone: slide the kernel as it is in all of them.",
)
def full_flipped(image, kernel, mode):
    K_h, K_w = kernel.shape
    if mode == "full":
        return F.conv_transpose2d(image[None, None], kernel[None, None])[0, 0]
    top, left = ((K_h - 1) // 2, (K_w - 1) // 2) if mode == "same" else (0, 0)
    bottom, right = (K_h - 1 - top, K_w - 1 - left) if mode == "same" else (0, 0)
    framed = F.pad(image, (left, right, top, bottom))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="The zeros are exchanged: F.pad counts the last axis first. "
    "Write F.pad(image, (left, right, top, bottom)).",
)
def frame_exchanged(image, kernel, mode):
    K_h, K_w = kernel.shape
    top, left = {"valid": (0, 0), "full": (K_h - 1, K_w - 1)}.get(
        mode, ((K_h - 1) // 2, (K_w - 1) // 2)
    )
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = F.pad(image, (top, bottom, left, right))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="You took the kernel for a square. "
    "It has a height and a width of its own: K_h, K_w = kernel.shape.",
)
def square_kernels_only(image, kernel, mode):
    K = kernel.shape[0]
    before = {"valid": 0, "same": (K - 1) // 2, "full": K - 1}[mode]
    behind = before if mode != "same" else K - 1 - before
    framed = F.pad(image, (before, behind, before, behind))
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Your map is always the 'valid' one. "
    "'same' and 'full' need zeros around the image before the kernel slides over it.",
)
def always_valid(image, kernel, mode):
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="Torch's own padding laid the zeros. Put them around the image yourself, "
    "and convolve without `padding`.",
)
def ready_made(image, kernel, mode):
    K_h, K_w = kernel.shape
    padding = (K_h - 1, K_w - 1) if mode == "full" else mode
    return F.conv2d(image[None, None], kernel[None, None], padding=padding)[0, 0]


@misconception(
    "conv2d_mode",
    says="Your frame is made on the CPU, wherever the image lives. "
    "Use image.new_zeros(…), or pass dtype=image.dtype and device=image.device.",
)
def made_on_the_cpu(image, kernel, mode):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    top, left = {"valid": (0, 0), "full": (K_h - 1, K_w - 1)}.get(
        mode, ((K_h - 1) // 2, (K_w - 1) // 2)
    )
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = torch.zeros(top + H + bottom, left + W + right, dtype=image.dtype)
    framed[top : top + H, left : left + W] = image
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d_mode",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the image is. Use image.new_zeros(…), or pass dtype= and device= of the image.",
)
def plain_zeros(image, kernel, mode):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    top, left = {"valid": (0, 0), "full": (K_h - 1, K_w - 1)}.get(
        mode, ((K_h - 1) // 2, (K_w - 1) // 2)
    )
    bottom, right = (top, left) if mode != "same" else (K_h - 1 - top, K_w - 1 - left)
    framed = torch.zeros(top + H + bottom, left + W + right)
    framed[top : top + H, left : left + W] = image
    out = torch.zeros(framed.shape[0] - K_h + 1, framed.shape[1] - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (framed[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@alternative("conv2d_mode")
def cut_out_of_the_full_map(image, kernel, mode):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    full = image.new_zeros(H + K_h - 1, W + K_w - 1)
    for m in range(K_h):  # each weight throws a moved copy of the image
        for n in range(K_w):
            top, left = K_h - 1 - m, K_w - 1 - n
            full[top : top + H, left : left + W] += kernel[m, n] * image
    if mode == "full":
        return full
    if mode == "same":
        return full[K_h // 2 : K_h // 2 + H, K_w // 2 : K_w // 2 + W]
    return full[K_h - 1 : H, K_w - 1 : W]


@alternative("conv2d_mode")
def transposed_with_the_kernel_turned(image, kernel, mode):
    turned = kernel.flip(0, 1)[None, None]
    full = F.conv_transpose2d(image[None, None], turned)[0, 0]
    if mode == "full":
        return full
    for axis, (n, k) in enumerate(zip(image.shape, kernel.shape, strict=True)):
        start, length = (k // 2, n) if mode == "same" else (k - 1, n - k + 1)
        full = full.narrow(axis, start, length)
    return full


@alternative("conv2d_mode")
def matrix_of_windows(image, kernel, mode):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    before = {"valid": (0, 0), "same": ((K_h - 1) // 2, (K_w - 1) // 2), "full": (K_h - 1, K_w - 1)}
    rows = {"valid": H - K_h + 1, "same": H, "full": H + K_h - 1}[mode]
    columns = {"valid": W - K_w + 1, "same": W, "full": W + K_w - 1}[mode]
    top, left = before[mode]
    framed = image.new_zeros(rows + K_h - 1, columns + K_w - 1)
    framed[top : top + H, left : left + W] = image
    windows = framed.unfold(0, K_h, 1).unfold(1, K_w, 1).reshape(rows * columns, K_h * K_w)
    return (windows @ kernel.reshape(-1)).reshape(rows, columns)


@alternative("conv2d_mode")
def zeros_glued_on(image, kernel, mode):
    framed = image
    for axis, k in enumerate(kernel.shape):
        before = {"valid": 0, "same": (k - 1) // 2, "full": k - 1}[mode]
        behind = {"valid": 0, "same": k // 2, "full": k - 1}[mode]
        shape = list(framed.shape)
        strips = []
        for width in (before, behind):
            shape[axis] = width
            strips.append(framed.new_zeros(shape))
        framed = torch.cat([strips[0], framed, strips[1]], dim=axis)
    return F.conv2d(framed[None, None], kernel[None, None])[0, 0]
