"""Wrong and other right solutions of `pad_image`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "pad_image",
    says="You always fill with zeros, whatever the mode says. "
    "In the other three modes the frame is made of pixels of the image.",
)
def always_zeros(image, P, mode):
    H, W = image.shape
    out = image.new_zeros(H + 2 * P, W + 2 * P)
    out[P : P + H, P : P + W] = image
    return out


@misconception(
    "pad_image",
    says="Your mirror stands behind the last pixel, so that the edge appears twice. "
    "'reflect' mirrors about the edge pixel itself: place −1 shows pixel 1.",
)
def edge_shown_twice(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        mirrored = torch.where(i < 0, -i - 1, torch.where(i >= n, 2 * n - 1 - i, i))
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="Your mirror stands right at the top and left, but behind the edge at the bottom and "
    "right. Place H shows pixel H − 2, so that place i shows pixel 2·(H − 1) − i.",
)
def mirrors_unlike(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        mirrored = torch.where(i >= n, 2 * n - 1 - i, i.abs())
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="You copy the pixels beside the edge, but do not turn them round. "
    "In a mirror the nearest pixel comes nearest: place −1 shows pixel 1, place −2 pixel 2.",
)
def not_mirrored(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        copied = torch.where(i < 0, i + P + 1, torch.where(i >= n, i - P - 1, i))
        return {"reflect": copied, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="'circular' is no mirror: the image begins anew behind its end, the same way round. "
    "Place −1 shows the last pixel, place −2 the one before it.",
)
def circle_turned_round(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        turned = torch.where(i < 0, n - P - 1 - i, torch.where(i >= n, n + P - 1 - i, i))
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": turned % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="'circular' takes from the opposite side: above the image comes its bottom, "
    "as if the picture were repeated like tiles.",
)
def circle_from_the_same_side(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        near = torch.where(i < 0, i + P, torch.where(i >= n, i - P, i))
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": near}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="'reflect' and 'replicate' are exchanged. "
    "'replicate' repeats the edge pixel again and again; 'reflect' mirrors what lies inside it.",
)
def reflect_and_replicate_exchanged(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"replicate": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        inside = torch.zeros_like(out, dtype=torch.bool)
        inside[P : P + H, P : P + W] = True
        out = out.where(inside, torch.zeros_like(out))
    return out


@misconception(
    "pad_image",
    says="Your corners stay empty. The frame's corners belong to both directions: "
    "pad the rows first, and then the columns of the result.",
)
def corners_empty(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image.new_zeros(H + 2 * P, W + 2 * P)
    if mode != "zeros":
        out[:, P : P + W] = image[places(H)]
        out[P : P + H, :] = image[:, places(W)]
    out[P : P + H, P : P + W] = image
    return out


@misconception(
    "pad_image",
    says="You pad above and below only. The frame is P pixels wide on all four sides.",
)
def above_and_below_only(image, P, mode):
    H = image.shape[0]
    i = torch.arange(-P, H + P, device=image.device)
    mirrored = H - 1 - (H - 1 - i.abs()).abs()
    out = image[{"reflect": mirrored, "circular": i % H}.get(mode, i.clamp(0, H - 1))]
    if mode == "zeros":
        out[:P], out[P + H :] = 0, 0
    return out


@misconception(
    "pad_image",
    says="Your result grows by P in all. There are P pixels on each side: H + 2·P rows, "
    "W + 2·P columns.",
)
def padding_once(image, P, mode):
    def places(n):
        i = torch.arange(-P, n, device=image.device)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        out[:P], out[:, :P] = 0, 0
    return out


@misconception(
    "pad_image",
    says="The image sits in the corner of the frame, and the whole border is behind it. "
    "Put it into rows P : P + H and columns P : P + W.",
)
def image_in_the_corner(image, P, mode):
    def places(n):
        i = torch.arange(n + 2 * P, device=image.device)
        mirrored = n - 1 - (n - 1 - i).abs()
        return {"reflect": mirrored % n, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image[places(H)][:, places(W)]
    if mode == "zeros":
        out[H:], out[:, W:] = 0, 0
    return out


@misconception(
    "pad_image",
    says="out[P:-P] is empty when P is 0, so that there is no room for the image. "
    "Write the end as P + H, which is right for every P.",
)
def minus_zero(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P, device=image.device)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = image.new_zeros(H + 2 * P, W + 2 * P)
    if mode != "zeros":
        out[:] = image[places(H)][:, places(W)]
    out[P:-P, P:-P] = image
    return out


@misconception(
    "pad_image",
    says="With P = 0, image[-P:] is the whole image, not nothing, and so the frame is too large. "
    "Write the start as H − P, which is right for every P.",
)
def minus_zero_at_the_start(image, P, mode):
    def with_strips(rows):
        if mode == "zeros":
            above = below = rows.new_zeros(P, rows.shape[1])
        elif mode == "reflect":
            above, below = rows[1 : P + 1].flip(0), rows[-P - 1 : -1].flip(0)
        elif mode == "replicate":
            above, below = rows[:1].expand(P, -1), rows[-1:].expand(P, -1)
        else:
            above, below = rows[-P:], rows[:P]
        return torch.cat([above, rows, below])

    return with_strips(with_strips(image).T).T


@misconception(
    "pad_image",
    says="Height and width of the frame are exchanged. It has H + 2·P rows and W + 2·P columns.",
)
def height_and_width_exchanged(image, P, mode):
    W, H = image.shape
    out = image.new_zeros(H + 2 * P, W + 2 * P)
    out[P : P + H, P : P + W] = image
    return out


@misconception(
    "pad_image",
    says="A ready-made function laid the frame. Build it yourself: "
    "which pixel of the image does each place of the frame show?",
)
def ready_made(image, P, mode):
    named = "constant" if mode == "zeros" else mode
    return F.pad(image[None, None], (P, P, P, P), mode=named)[0, 0]


@misconception(
    "pad_image",
    says="Your frame is made on the CPU, wherever the image lives. "
    "Use image.new_zeros(…), or pass dtype=image.dtype and device=image.device.",
)
def made_on_the_cpu(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = torch.zeros(H + 2 * P, W + 2 * P, dtype=image.dtype)
    for i, y in enumerate(places(H).tolist()):
        for j, x in enumerate(places(W).tolist()):
            if mode != "zeros" or (P <= i < P + H and P <= j < P + W):
                out[i, j] = image[y, x]
    return out


@misconception(
    "pad_image",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the image is. Use image.new_zeros(…), or pass dtype= and device= of the image.",
)
def plain_zeros(image, P, mode):
    def places(n):
        i = torch.arange(-P, n + P)
        mirrored = n - 1 - (n - 1 - i.abs()).abs()
        return {"reflect": mirrored, "circular": i % n}.get(mode, i.clamp(0, n - 1))

    H, W = image.shape
    out = torch.zeros(H + 2 * P, W + 2 * P)
    for i, y in enumerate(places(H).tolist()):
        for j, x in enumerate(places(W).tolist()):
            if mode != "zeros" or (P <= i < P + H and P <= j < P + W):
                out[i, j] = image[y, x]
    return out


@alternative("pad_image")
def pixel_by_pixel(image, P, mode):
    def source(place, last):
        if 0 <= place <= last:
            return place
        if mode == "reflect":
            return -place if place < 0 else 2 * last - place
        if mode == "replicate":
            return 0 if place < 0 else last
        return place % (last + 1) if mode == "circular" else None

    H, W = image.shape
    out = image.new_zeros(H + 2 * P, W + 2 * P)
    for i in range(H + 2 * P):
        for j in range(W + 2 * P):
            y, x = source(i - P, H - 1), source(j - P, W - 1)
            if y is not None and x is not None:
                out[i, j] = image[y, x]
    return out


@alternative("pad_image")
def strips_glued_on(image, P, mode):
    def with_strips(rows):
        n = len(rows)
        if mode == "zeros":
            above = below = rows.new_zeros(P, rows.shape[1])
        elif mode == "reflect":
            above, below = rows[1 : P + 1].flip(0), rows[n - 1 - P : n - 1].flip(0)
        elif mode == "replicate":
            above, below = rows[:1].expand(P, -1), rows[-1:].expand(P, -1)
        else:
            above, below = rows[n - P :], rows[:P]
        return torch.cat([above, rows, below])

    return with_strips(with_strips(image).T).T


@alternative("pad_image")
def two_matrix_products(image, P, mode):
    def chooser(n):
        line, order = list(range(n)), None
        if mode == "reflect":
            order = line[P:0:-1] + line + line[::-1][1 : P + 1]
        elif mode == "replicate":
            order = [0] * P + line + [n - 1] * P
        elif mode == "circular":
            order = line[n - P :] + line + line[:P]
        chosen = image.new_zeros(n + 2 * P, n)
        for place, pixel in enumerate(order or line, start=0 if order else P):
            chosen[place, pixel] = 1
        return chosen

    H, W = image.shape
    return chooser(H) @ image @ chooser(W).T


@alternative("pad_image")
def one_number_for_each_place(image, P, mode):
    H, W = image.shape
    y = torch.arange(-P, H + P, device=image.device)[:, None]
    x = torch.arange(-P, W + P, device=image.device)[None, :]
    if mode == "zeros":
        inside = (y >= 0) & (y < H) & (x >= 0) & (x < W)
        return image.take(y.clamp(0, H - 1) * W + x.clamp(0, W - 1)) * inside
    if mode == "reflect":
        y, x = torch.minimum(y.abs(), 2 * (H - 1) - y), torch.minimum(x.abs(), 2 * (W - 1) - x)
    elif mode == "replicate":
        y, x = y.clamp(0, H - 1), x.clamp(0, W - 1)
    return image.take(y % H * W + x % W)
