"""Lesson 06's mistakes with autoencoders, masks and codes, in other words."""

# ruff: noqa: F811 - many wrong solutions of one exercise, on top of earlier ones

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("averaged_over_the_pixels")
def reconstruction_loss(x, x_hat):
    total = 0
    for image, restored in zip(x, x_hat, strict=True):
        total = total + (restored - image).pow(2).mean()
    return total / len(x)


@told("turned_into_a_number")
def reconstruction_loss(x, x_hat):
    N = x.shape[0]
    return float(torch.sum((x_hat - x) * (x_hat - x))) / N


@told("last_axis_alone")
def reconstruction_loss(x, x_hat):
    return torch.linalg.vector_norm(x - x_hat, dim=-1).square().mean()


@told("ReluBeforeTheSigmoid")
class Autoencoder(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.encoder, self.decoder = nn.Sequential(nn.Flatten(1)), nn.Sequential()
        for n in range(len(sizes) - 1):
            self.encoder.append(nn.Linear(sizes[n], sizes[n + 1]))
            if n < len(sizes) - 2:
                self.encoder.append(nn.ReLU())
        back = sizes[::-1]
        for n in range(len(back) - 1):
            self.decoder.append(nn.Linear(back[n], back[n + 1]))
            self.decoder.append(nn.ReLU())
        self.decoder.append(nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x)).view(*x.shape)


@told("ReluAtTheEnd")
class Autoencoder(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        *wide, code = sizes
        there, before = [nn.Flatten()], wide[0]
        for width in wide[1:]:
            there.extend((nn.Linear(before, width), nn.ReLU()))
            before = width
        there.append(nn.Linear(before, code))
        back, before = [], code
        for width in wide[::-1]:
            back.extend((nn.Linear(before, width), nn.ReLU()))
            before = width
        self.encoder = nn.Sequential(*there)
        self.decoder = nn.Sequential(*back)

    def forward(self, x):
        restored = self.decoder(self.encoder(x))
        return restored.unflatten(1, x.shape[1:])


@told("never_shuffled")
def train_autoencoder(model, images, epochs, lr, seed):
    from torch.utils.data import DataLoader

    torch.manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in DataLoader(images, batch_size=64):
            adam.zero_grad()
            loss = (batch - model(batch)).square().flatten(1).sum(1)
            loss.mean().backward()
            adam.step()
            total += loss.detach().sum().item()
        history.append(total / images.shape[0])
        model.eval()
    return history


@told("left_in_train_mode")
def train_autoencoder(model, images, epochs, lr, seed):
    torch.manual_seed(seed)
    adam, history = torch.optim.Adam(model.parameters(), lr), []
    for _ in range(epochs):
        model.train()
        mixed, sums = images[torch.randperm(images.shape[0])], []
        for start in range(0, mixed.shape[0], 64):
            batch = mixed[start : start + 64]
            model.zero_grad()
            missed = F.mse_loss(model(batch), batch, reduction="sum")
            missed.div(batch.shape[0]).backward()
            adam.step()
            sums.append(missed.detach())
        history.append(float(sum(sums)) / len(images))
    return history


@told("scaled_by_the_spread")
def pca(images, k):
    flat = images.reshape(images.shape[0], -1)
    mean = flat.mean(0)
    S, V = torch.linalg.svd(flat - mean, full_matrices=False)[1:]
    return mean, torch.diag(S)[:k, :k] @ V[:k]


@told("mean_of_each_picture")
def pca(images, k):
    rows = images.flatten(start_dim=1)
    centred = rows - rows.mean(axis=1, keepdim=True)
    return rows.mean(axis=-1), torch.linalg.svd(centred)[2][0:k]


@told("row_against_row")
def principal_angles(A, B):
    cosines = torch.stack([(a @ b) / (a.norm() * b.norm()) for a, b in zip(A, B, strict=True)])
    return torch.sort(torch.acos(cosines.abs().clamp(0, 1)))[0]


@told("rows_only_shortened")
def principal_angles(A, B):
    A = A / (A * A).sum(1, keepdim=True).sqrt()
    B = B / (B * B).sum(1, keepdim=True).sqrt()
    return torch.acos(torch.linalg.svd(B @ A.mT)[1].clamp(-1, 1)).sort().values


@told("ties_lost")
def roc_auc(scores, anomalous):
    won = pairs = 0
    for a in scores[anomalous].tolist():
        for b in scores[torch.logical_not(anomalous)].tolist():
            won += a > b
            pairs += 1
    return won / pairs


@told("upside_down")
def roc_auc(scores, anomalous):
    high, low = scores[anomalous].tolist(), scores[~anomalous].tolist()
    won = sum(1.0 if b > a else 0.5 if a == b else 0.0 for a in high for b in low)
    return won / len(high) / len(low)


@told("gradients_kept")
def anomaly_scores(model, images):
    restored = model.train(False)(images)
    return F.mse_loss(restored, images, reduction="none").sum(dim=tuple(range(1, images.dim())))


@told("root_taken")
def anomaly_scores(model, images):
    with torch.no_grad():
        missed = model.eval()(images) - images
    return (missed * missed).reshape(len(images), -1).sum(dim=-1).sqrt()


@told("noise_on_the_target_too")
def denoising_loss(model, clean, noise):
    seen = noise + clean
    return F.mse_loss(model(seen), seen)


@told("clean_input")
def denoising_loss(model, clean, noise):
    restored = model(clean)
    return (clean - restored).square().sum() / clean.numel()


@told("dice")
def iou(masks, truth):
    a, b = masks.float(), truth.float()
    both = (a * b).sum((1, 2, 3))
    total = a.sum((1, 2, 3)) + b.sum((1, 2, 3))
    return torch.where(total == 0, torch.ones_like(both), both / (total / 2).clamp(min=0.5))


@told("nothing_over_nothing")
def iou(masks, truth):
    a, b = masks.flatten(1).float(), truth.flatten(1).float()
    return torch.minimum(a, b).sum(1) / torch.maximum(a, b).sum(1)


@told("sigmoid_twice")
def mask_loss(logits, masks):
    p = torch.sigmoid(torch.sigmoid(logits))
    return torch.mean(masks * -torch.log(p) + (1 - masks) * -torch.log(1 - p))


@told("background_forgotten")
def mask_loss(logits, masks):
    return torch.logaddexp(-logits, torch.zeros_like(logits)).mul(masks).sum() / masks.numel()


@told("factor_not_transposed")
def generate(decoder, codes, noise):
    centre = codes.mean(0)
    apart = codes - centre
    L = torch.linalg.cholesky(apart.mT.matmul(apart) / (len(codes) - 1))
    with torch.no_grad():
        return decoder(noise.matmul(L) + centre)


@told("divided_by_n")
def generate(decoder, codes, noise):
    with torch.no_grad():
        spread = torch.cov(codes.T, correction=0)
        moved = torch.linalg.cholesky(spread).matmul(noise.T).T
        return decoder(moved + codes.mean(dim=0, keepdim=True))


@told("layers_swapped")
def encoder_or_decoder():
    forward = ("large_to_small", "x_comes_in", "summarises", "classifier_needs_it")
    backward = ("x_hat_goes_out", "restores", "ends_in_a_sigmoid", "receiver_needs_it")
    found = dict.fromkeys((*backward, "pooling_and_strides"), "decoder")
    found.update(dict.fromkeys((*forward, "transposed_convolutions"), "encoder"))
    return found


@told("never_trained")
def detector(normal, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 40, 9)).to(normal.device)
    adam = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(10):
        for batch in normal[torch.randperm(len(normal))].split(64):
            adam.zero_grad()
            reconstruction_loss(batch, model(batch)).backward()
            adam.step()
    return model


@told("seed_ignored")
def detector(normal, seed):
    torch.manual_seed(7)
    model = Autoencoder((64, 120, 6)).to(normal)

    def loss(net, images):
        return F.mse_loss(net(images), images)

    course_train(model, (normal,), loss=loss, epochs=20, lr=5e-3, progress=False)
    return model


@told("seeded_too_late")
def denoiser(clean, sigma, seed):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 90), nn.ReLU(), nn.Linear(90, 64))
    model.append(nn.Unflatten(1, (1, 8, 8)))
    model.to(clean.device)
    torch.manual_seed(seed)

    def loss(net, images):
        return F.mse_loss(net(images + torch.randn_like(images) * sigma), images)

    course_train(model, (clean,), loss=loss, epochs=15, seed=seed, progress=False)
    return model


@told("noise_on_the_target_too")
def denoiser(clean, sigma, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 120, 32)).to(clean.device).train()
    adam = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(20):
        noisy = clean + torch.randn_like(clean) * sigma
        for batch in noisy[torch.randperm(len(noisy))].split(64):
            adam.zero_grad()
            F.mse_loss(model(batch), batch).backward()
            adam.step()
    return model.eval()
