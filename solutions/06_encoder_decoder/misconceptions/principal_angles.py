"""Wrong and other right solutions of `principal_angles`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "principal_angles",
    says="A @ B.T holds cosines only for rows of length 1 at right angles. "
    "Make them so first: torch.linalg.qr(A.T).Q.",
)
def rows_as_they_are(A, B):
    return torch.linalg.svdvals(A @ B.T).clamp(max=1).arccos()


@misconception(
    "principal_angles",
    says="Your rows have length 1, but are not at right angles to each other. "
    "torch.linalg.qr(A.T).Q makes both.",
)
def rows_only_shortened(A, B):
    cosines = torch.linalg.svdvals(F.normalize(A, dim=1) @ F.normalize(B, dim=1).T)
    return cosines.clamp(max=1).arccos()


@misconception(
    "principal_angles",
    says="You compare row with row. Two bases of one subspace may have quite different rows: "
    "orthonormalise both, and ask the singular values of Q_A.T @ Q_B.",
)
def row_against_row(A, B):
    return F.cosine_similarity(A, B, dim=1).abs().clamp(max=1).arccos().sort().values


@misconception(
    "principal_angles",
    says="torch.linalg.qr works on columns, and your vectors are rows: what you orthonormalise is "
    "no basis of the subspace. Hand it A.T.",
)
def columns_orthonormalised(A, B):
    cosines = torch.linalg.svdvals(torch.linalg.qr(A).Q.T @ torch.linalg.qr(B).Q)
    return cosines.clamp(max=1).arccos()


@misconception(
    "principal_angles",
    says="You return the cosines. The angles are their arccos.",
)
def cosines_returned(A, B):
    a, b = torch.linalg.qr(A.T).Q, torch.linalg.qr(B.T).Q
    return torch.linalg.svdvals(a.T @ b).clamp(max=1)


@misconception(
    "principal_angles",
    says="Your angles are in degrees. Radians are asked for, as arccos gives them.",
)
def in_degrees(A, B):
    a, b = torch.linalg.qr(A.T).Q, torch.linalg.qr(B.T).Q
    return torch.linalg.svdvals(a.T @ b).clamp(max=1).arccos() * 180 / math.pi


@misconception(
    "principal_angles",
    says="Your angles fall. The smallest comes first; the singular values, their cosines, "
    "fall already.",
)
def largest_first(A, B):
    a, b = torch.linalg.qr(A.T).Q, torch.linalg.qr(B.T).Q
    return torch.linalg.svdvals(a.T @ b).clamp(max=1).arccos().flip(0)


@misconception(
    "principal_angles",
    says="Rounding takes a cosine a hair above 1, and its arccos is no number. clamp(max=1) first.",
)
def rounding_forgotten(A, B):
    a, b = torch.linalg.qr(A.T).Q, torch.linalg.qr(B.T).Q
    return torch.linalg.svdvals(a.T @ b).arccos()


@alternative("principal_angles")
def bases_from_the_svd(A, B):
    a = torch.linalg.svd(A, full_matrices=False).Vh
    b = torch.linalg.svd(B, full_matrices=False).Vh
    cosines = torch.linalg.svd(a @ b.mT).S
    return torch.acos(torch.minimum(cosines, torch.ones_like(cosines)))


@alternative("principal_angles")
def one_row_after_the_other(A, B):
    def basis(rows):
        found = []
        for row in rows:
            for _ in range(2):  # a second time for what rounding left
                for done in found:
                    row = row - (row @ done) * done
            found.append(row / row.norm())
        return torch.stack(found)

    cosines = torch.linalg.svdvals(basis(B) @ basis(A).T).clamp(-1, 1)
    return torch.arccos(cosines).sort().values


@alternative("principal_angles")
def sines_where_they_are_small(A, B):
    a, b = torch.linalg.qr(A.mT)[0], torch.linalg.qr(B.mT)[0]
    left, cosines, _ = torch.linalg.svd(a.T @ b)
    turned = a @ left
    sines = (turned - b @ (b.T @ turned)).norm(dim=0)
    return torch.atan2(sines, cosines).sort().values
