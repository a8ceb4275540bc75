#!/usr/bin/env python3
"""The training of `embedscope_bench train` as a script of few lines would do it, to compare what it ends at.

ImageFolder and DataLoader of torchvision, P x K batches, three convolution blocks, semi-hard triplets, Adam 1e-3.
Needs python3-torch and python3-torchvision; nothing of the product does.

  plain_pipeline.py FOLDER --epochs 2 --seed 1      FOLDER holds train/<class>/* and test/<class>/*

Prints one line of JSON: images per second from opened files to the last step, and with what a user of such a script
would measure, Recall@1 and MAP@R on test/ before the first epoch and after each; and these two at the end.
"""
import argparse
import json
import random
import time

import torch
import torchvision


class PByK(torch.utils.data.Sampler):
    """Batches with nearly as many images of each class; each class is dealt out before it is shuffled anew."""

    def __init__(self, labels, batch_size, seed):
        self.random = random.Random(seed)
        self.members = [[i for i, own in enumerate(labels) if own == label] for label in range(max(labels) + 1)]
        self.dealt = [len(members) for members in self.members]
        self.batch_size = batch_size
        self.steps = len(labels) // batch_size

    def __len__(self):
        return self.steps

    def deal(self, label, count):
        members = self.members[label]
        if self.dealt[label] + count > len(members):
            self.random.shuffle(members)
            self.dealt[label] = 0
        self.dealt[label] += count
        return members[self.dealt[label] - count:self.dealt[label]]

    def __iter__(self):
        for _ in range(self.steps):
            order = list(range(len(self.members)))
            self.random.shuffle(order)
            each, more = divmod(self.batch_size, len(order))
            yield [i for place, label in enumerate(order) for i in self.deal(label, each + (place < more))]


def encoder():
    layers, channels = [], 3
    for width in (32, 64, 128):
        layers += [torch.nn.Conv2d(channels, width, 3, padding=1, bias=False), torch.nn.BatchNorm2d(width),
                   torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
        channels = width
    return torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(128, 64))


def semi_hard_triplet_loss(rows, labels, margin=0.2):
    """pytorch-metric-learning's TripletMarginMiner("semihard") and TripletMarginLoss: mean of the non-zero terms."""
    rows = torch.nn.functional.normalize(rows)
    distances = torch.cdist(rows, rows)
    same = labels[:, None] == labels[None, :]
    positive = same & ~torch.eye(len(labels), dtype=torch.bool)
    anchors, positives = positive.nonzero(as_tuple=True)
    gap = distances[anchors] - distances[anchors, positives][:, None]
    chosen = ~same[anchors] & (gap.detach() > 0) & (gap.detach() <= margin)
    terms = torch.relu(margin - gap[chosen])
    return terms.sum() / max(1, int((terms > 0).sum()))


def measures(rows, labels, block=500):
    """Recall@1 and MAP@R (Musgrave et al., 2020), brute force."""
    rows = torch.nn.functional.normalize(rows)
    hits = precision = 0.0
    for start in range(0, len(rows), block):
        part = slice(start, start + block)
        similarity = rows[part] @ rows.T
        similarity[torch.arange(len(similarity)), torch.arange(start, start + len(similarity))] = -2
        counts = torch.tensor([int((labels == label).sum()) - 1 for label in labels[part]])
        relevant = int(counts.max())
        found = labels[similarity.topk(relevant).indices] == labels[part][:, None]
        inside = torch.arange(relevant)[None, :] < counts[:, None]
        found = (found & inside).float()
        precision += float((found.cumsum(1) / torch.arange(1, relevant + 1) * found).sum(1).div(counts).sum())
        hits += float(found[:, 0].sum())
    return hits / len(rows), precision / len(rows)


class InMemory:
    """The same batches from one tensor of all pictures."""

    def __init__(self, data, sampler, workers):
        self.sampler = sampler
        parts = list(torch.utils.data.DataLoader(data, 256, num_workers=workers))
        self.pictures = torch.cat([pictures for pictures, _ in parts])
        self.labels = torch.cat([labels for _, labels in parts])

    def __iter__(self):
        return ((self.pictures[batch], self.labels[batch]) for batch in self.sampler)


def measured(model, data, workers):
    model.eval()
    with torch.no_grad():
        rows, labels = zip(*((model(pictures), labels)
                             for pictures, labels in torch.utils.data.DataLoader(data, 256, num_workers=workers)))
    model.train()
    return measures(torch.cat(rows), torch.cat(labels))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder")
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--in-memory", action="store_true", help="decode all before the clock starts; no DataLoader")
    options.add_argument("--channels-last", action="store_true")
    options = options.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(2)

    change = torchvision.transforms.Compose([
        torchvision.transforms.ToTensor(),
        torchvision.transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))])
    layout = torch.channels_last if options.channels_last else torch.contiguous_format
    start = time.time()
    train = torchvision.datasets.ImageFolder(options.folder + "/train", change)
    sampler = PByK(train.targets, 128, options.seed)
    batches = torch.utils.data.DataLoader(train, num_workers=options.workers, batch_sampler=sampler)
    if options.in_memory:
        batches = InMemory(train, sampler, options.workers)
        start = time.time()
    held_out = torchvision.datasets.ImageFolder(options.folder + "/test", change)
    model = encoder().train().to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    measuring = -time.time()
    recall, precision = measured(model, held_out, options.workers)
    measuring += time.time()
    images = 0
    for _ in range(options.epochs):
        for pictures, labels in batches:
            optimizer.zero_grad()
            semi_hard_triplet_loss(model(pictures.contiguous(memory_format=layout)), labels).backward()
            optimizer.step()
            images += len(labels)
        measuring -= time.time()
        recall, precision = measured(model, held_out, options.workers)
        measuring += time.time()
    seconds = time.time() - start
    print(json.dumps({"bench": "plain_pipeline", "seed": options.seed, "epochs": options.epochs,
                      "images_per_second_to_last_step": round(images / (seconds - measuring)),
                      "images_per_second": round(images / seconds), "recall_at_1": round(recall, 4),
                      "map_at_r": round(precision, 4)}))


if __name__ == "__main__":
    main()
