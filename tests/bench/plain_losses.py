#!/usr/bin/env python3
"""What `embedscope_bench loss` is compared with: pytorch-metric-learning's way of computing, in PyTorch, on this machine.

Pairs are listed by their indices and triplets enumerated, as that library does; miner and loss, forward and backward,
labels in batch/4 classes, 64 dimensions. Needs python3-torch; nothing of the product does. Prints lines of JSON.

  plain_losses.py [THREADS]
"""
import json
import statistics
import sys
import time

import torch

DIMENSION = 64


def pairs(labels):
    same = labels[:, None] == labels[None, :]
    different = ~same
    same.fill_diagonal_(False)
    return torch.where(same) + torch.where(different)


def mean_above_zero(terms):
    active = terms > 0
    return terms[active].mean() if active.any() else terms.sum() * 0


def contrastive_all_pairs(rows, labels):
    distances = torch.cdist(torch.nn.functional.normalize(rows), torch.nn.functional.normalize(rows))
    anchor, positive, other, negative = pairs(labels)
    return (mean_above_zero(torch.relu(distances[anchor, positive])) +
            mean_above_zero(torch.relu(1 - distances[other, negative])))


def supcon(rows, labels, temperature=0.1):
    rows = torch.nn.functional.normalize(rows)
    similarity = rows @ rows.T / temperature
    anchor, positive, other, negative = pairs(labels)
    positives, all_pairs = torch.zeros_like(similarity), torch.zeros_like(similarity, dtype=torch.bool)
    positives[anchor, positive] = 1
    all_pairs[anchor, positive] = True
    all_pairs[other, negative] = True
    similarity = similarity - similarity.max(1, keepdim=True)[0].detach()
    log_sums = torch.logsumexp(similarity.masked_fill(~all_pairs, torch.finfo(rows.dtype).min), 1, keepdim=True)
    terms = -(positives * (similarity - log_sums)).sum(1) / (positives.sum(1) + 1e-12)
    return mean_above_zero(terms)


def triplet_semi_hard(rows, labels, margin=0.2):
    rows = torch.nn.functional.normalize(rows)
    same = labels[:, None] == labels[None, :]
    positive = same.clone().fill_diagonal_(False)
    anchors, positives, negatives = torch.where(positive[:, :, None] & ~same[:, None, :])
    with torch.no_grad():
        distances = torch.cdist(rows, rows)
        gap = distances[anchors, negatives] - distances[anchors, positives]
        chosen = (gap > 0) & (gap <= margin)
    anchors, positives, negatives = anchors[chosen], positives[chosen], negatives[chosen]
    distances = torch.cdist(rows, rows)
    return mean_above_zero(torch.relu(distances[anchors, positives] - distances[anchors, negatives] + margin))


def triplet_batch_hard(rows, labels, margin=0.2):
    rows = torch.nn.functional.normalize(rows)
    same = labels[:, None] == labels[None, :]
    positive = same.clone().fill_diagonal_(False)
    with torch.no_grad():
        distances = torch.cdist(rows, rows)
        farthest = distances.masked_fill(~positive, float("-inf")).max(1)
        nearest = distances.masked_fill(same, float("inf")).min(1)
        anchors = torch.where(positive.any(1) & (~same).any(1))[0]
    distances = torch.cdist(rows, rows)
    return mean_above_zero(torch.relu(distances[anchors, farthest.indices[anchors]] -
                                      distances[anchors, nearest.indices[anchors]] + margin))


def multi_similarity_mined(rows, labels, alpha=2, beta=50, base=0.5, epsilon=0.1):
    rows = torch.nn.functional.normalize(rows)
    anchor, positive, other, negative = pairs(labels)
    with torch.no_grad():
        similarity = rows @ rows.T
        same = labels[:, None] == labels[None, :]
        hardest_negative = similarity.masked_fill(same, float("-inf")).max(1).values
        hardest_positive = similarity.masked_fill(~same.fill_diagonal_(False), float("inf")).min(1).values
        kept = similarity[anchor, positive] - epsilon < hardest_negative[anchor]
        anchor, positive = anchor[kept], positive[kept]
        kept = similarity[other, negative] + epsilon > hardest_positive[other]
        other, negative = other[kept], negative[kept]
    similarity = rows @ rows.T
    similar, dissimilar = torch.zeros_like(similarity, dtype=torch.bool), torch.zeros_like(similarity, dtype=torch.bool)
    similar[anchor, positive] = True
    dissimilar[other, negative] = True

    def pulled(exponents, mask):
        lowest = torch.finfo(rows.dtype).min
        exponents = torch.cat([exponents.masked_fill(~mask, lowest), torch.zeros(len(rows), 1)], 1)
        return torch.logsumexp(exponents, 1).masked_fill(~mask.any(1), 0)

    return (pulled(-alpha * (similarity - base), similar) / alpha +
            pulled(beta * (similarity - base), dissimilar) / beta).mean()


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
    torch.manual_seed(1)
    for batch in (128, 256, 512, 1024):
        labels = torch.randint(0, batch // 4, (batch,))
        values = torch.randn(batch, DIMENSION)
        for loss in (contrastive_all_pairs, supcon, triplet_batch_hard, multi_similarity_mined, triplet_semi_hard):
            if loss is triplet_semi_hard and batch > 512:
                continue  # gigabytes
            times = []
            for _ in range(9):
                rows = values.clone().requires_grad_(True)
                start = time.perf_counter()
                loss(rows, labels).backward()
                times.append(1000 * (time.perf_counter() - start))
            print(json.dumps({"bench": "plain_losses", "name": loss.__name__, "batch": batch,
                              "threads": torch.get_num_threads(), "ms": round(statistics.median(times[2:]), 3)}))


if __name__ == "__main__":
    main()
