"""Wrong and other right solutions of `convolve_fft`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "convolve_fft",
    says="Without padding the end of the result runs back into its beginning. "
    "Pad both signals to A + B − 1 before the transform: torch.fft.rfft(f, n=n).",
)
def not_padded(f, g):
    n = max(len(f), len(g))
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n), n=n)


@misconception(
    "convolve_fft",
    says="Your result is complex. The imaginary parts are only rounding: "
    "keep .real, or use rfft and irfft.",
)
def left_complex(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.ifft(torch.fft.fft(f, n=n) * torch.fft.fft(g, n=n))


@misconception(
    "convolve_fft",
    says="You took the absolute value, and negative results lost their sign. "
    "Take the real part: .real, not .abs().",
)
def sign_lost(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.ifft(torch.fft.fft(f, n=n) * torch.fft.fft(g, n=n)).abs()


@misconception(
    "convolve_fft",
    says="irfft does not know how long the result was and guesses an even length. "
    "Tell it: torch.fft.irfft(spectrum, n=n).",
)
def length_guessed(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n))


@misconception(
    "convolve_fft",
    says="Your result has extra numbers at its end. "
    "The full convolution has A + B − 1 numbers: pad to that, or cut to it at the end.",
)
def one_place_too_many(f, g):
    n = len(f) + len(g)
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n), n=n)


@misconception(
    "convolve_fft",
    says="You return the product of the two spectra. Come back from the frequencies with irfft.",
)
def never_came_back(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n)


@misconception(
    "convolve_fft",
    says="You took the complex conjugate of one spectrum: that gives cross-correlation. "
    "For convolution multiply the two spectra as they are.",
)
def conjugated(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n).conj(), n=n)


@misconception(
    "convolve_fft",
    says="You added the two spectra. Convolution becomes a product in the frequencies: use *.",
)
def spectra_added(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) + torch.fft.rfft(g, n=n), n=n)


@misconception(
    "convolve_fft",
    says="You divided by the length once too often: irfft does that already. "
    "Leave its result as it is.",
)
def scaled_twice(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n), n=n) / n


@misconception(
    "convolve_fft",
    says="You turn everything into float32, also a float64 input. "
    "Leave the conversion out: torch.fft keeps the precision of its input.",
)
def forced_to_float32(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n), n=n).float()


@misconception(
    "convolve_fft",
    says="Something is made on the CPU: zeros from torch.zeros(n), or a detour through NumPy. "
    "torch.fft.rfft(f, n=n) appends the zeros itself, where f lives.",
)
def made_on_the_cpu(f, g):
    n = len(f) + len(g) - 1
    f = torch.cat([f, torch.zeros(n - len(f), dtype=f.dtype)])
    g = torch.cat([g, torch.zeros(n - len(g), dtype=g.dtype)])
    return torch.fft.irfft(torch.fft.rfft(f) * torch.fft.rfft(g), n=n)


@misconception(
    "convolve_fft",
    says="A tensor made by torch.zeros(n) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever f is. torch.fft.rfft(f, n=n) appends the zeros itself.",
)
def plain_zeros(f, g):
    n = len(f) + len(g) - 1
    long_f, long_g = torch.zeros(n), torch.zeros(n)
    long_f[: len(f)], long_g[: len(g)] = f, g
    return torch.fft.irfft(torch.fft.rfft(long_f) * torch.fft.rfft(long_g), n=n)


@misconception(
    "convolve_fft",
    says="The two spectra are not equally long, so they cannot be multiplied. "
    "Give both the same n = A + B − 1: torch.fft.rfft(f, n=n) and torch.fft.rfft(g, n=n).",
)
def spectra_of_different_length(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f) * torch.fft.rfft(g), n=n)


@misconception(
    "convolve_fft",
    says="The two spectra are not equally long, so they cannot be multiplied. "
    "Give both the same n = A + B − 1: torch.fft.fft(f, n=n) and torch.fft.fft(g, n=n).",
)
def full_spectra_of_different_length(f, g):
    return torch.fft.ifft(torch.fft.fft(f) * torch.fft.fft(g)).real


@misconception(
    "convolve_fft",
    says="You gave irfft the length of the spectrum, which is only half of one. "
    "It wants the length of the answer: n = A + B − 1.",
)
def length_of_the_spectrum(f, g):
    n = len(f) + len(g) - 1
    spectrum = torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n)
    return torch.fft.irfft(spectrum, n=len(spectrum))


@misconception(
    "convolve_fft",
    says="You rounded the answer to whole numbers. Signals need not be whole: "
    "leave the tiny errors of the transform where they are.",
)
def rounded(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n=n) * torch.fft.rfft(g, n=n), n=n).round()


@misconception(
    "convolve_fft",
    says="No Fourier transform was taken: the point here is the detour. "
    "Transform both signals, multiply, transform back.",
)
def loops_again(f, g):
    return convolve1d(f, g)


@misconception(
    "convolve_fft",
    says="You go through NumPy, which knows the CPU only. "
    "Use torch.fft: it computes where the input lives.",
)
def through_numpy(f, g):
    import numpy as np

    n = len(f) + len(g) - 1
    product = np.fft.rfft(f.numpy(), n) * np.fft.rfft(g.numpy(), n)
    return torch.from_numpy(np.fft.irfft(product, n)).to(f.dtype)


@alternative("convolve_fft")
def complex_transform(f, g):
    n = f.shape[0] + g.shape[0] - 1
    spectra = torch.fft.fft(f, n), torch.fft.fft(g, n)
    return torch.fft.ifft(torch.mul(*spectra)).real


@alternative("convolve_fft")
def padded_by_hand(f, g):
    A, B = len(f), len(g)
    f = torch.cat([f, f.new_zeros(B - 1)])
    g = torch.cat([g, g.new_zeros(A - 1)])
    return torch.fft.irfft(torch.fft.rfft(f) * torch.fft.rfft(g), n=A + B - 1)


@alternative("convolve_fft")
def next_power_of_two(f, g):
    n = len(f) + len(g) - 1
    size = 1
    while size < n:
        size *= 2
    size = max(size, 2)
    spectrum = torch.fft.rfft(f, n=size)
    spectrum = spectrum * torch.fft.rfft(g, n=size)
    return torch.fft.irfft(spectrum, n=size)[:n]
