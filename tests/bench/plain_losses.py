#!/usr/bin/env python3
"""What `embedscope_bench loss` is compared with: pytorch-metric-learning's way of computing, in PyTorch, on this machine.

Pairs are listed by their indices and triplets enumerated, as that library does; miner and loss, forward and backward,
labels in batch/4 classes, 64 dimensions. Needs python3-torch; nothing of the product does. Prints lines of JSON.
"""
import json
import statistics
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


def main():
    torch.manual_seed(1)
    for batch in (128, 256, 512, 1024):
        labels = torch.randint(0, batch // 4, (batch,))
        values = torch.randn(batch, DIMENSION)
        for loss in (contrastive_all_pairs, supcon, triplet_semi_hard):
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
