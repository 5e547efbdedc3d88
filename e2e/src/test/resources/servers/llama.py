"""llama.cpp's server (by xllamacpp) with a model of random weights: a real server, real answers without a meaning.

Arguments: chat or embeddings, the port, and the width of the inner layer, which makes it slow. The same model in each pod, by a seed; its likeliest token is always a letter.
CHAT_TEMPLATE in the environment takes the place of the model's own.
"""
import array
import os
import random
import signal
import struct
import sys
import tempfile

import xllamacpp

MODEL = os.path.join(tempfile.gettempdir(), "tiny.gguf")
WIDTH, INNER, HEADS, CONTEXT, SLOTS = 32, 64, 2, 1024, 8
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
MORE_LETTERS = ["\u00e9", "\u6f22", "\U0001f642"]


def packed(kind, value):
    if kind == STRING:
        data = value.encode()
        return struct.pack("<Q", len(data)) + data
    if kind == ARRAY:
        inner, values = value
        return struct.pack("<IQ", inner, len(values)) + b"".join(packed(inner, v) for v in values)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def padding(size):
    return b"\0" * (-size % 32)


def vocabulary():
    """A token for each byte and each letter, some of several bytes: every text can be taken apart, and in one way."""
    yield "<unk>", UNKNOWN
    yield "<s>", CONTROL
    yield "</s>", CONTROL
    for byte in range(256):
        yield f"<0x{byte:02X}>", BYTE
    for text in ["\u2581"] + [chr(c) for c in range(ord("a"), ord("z") + 1)] + MORE_LETTERS:
        yield text, NORMAL


def write(path, inner=INNER):
    """GGUF, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"""
    tokens = list(vocabulary())
    chance = random.Random(7)
    fields = [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, "tiny"),
        ("llama.context_length", UINT32, CONTEXT),
        ("llama.embedding_length", UINT32, WIDTH),
        ("llama.block_count", UINT32, 1),
        ("llama.feed_forward_length", UINT32, inner),
        ("llama.attention.head_count", UINT32, HEADS),
        ("llama.attention.head_count_kv", UINT32, HEADS),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
        ("llama.rope.dimension_count", UINT32, WIDTH // HEADS),
        ("llama.vocab_size", UINT32, len(tokens)),
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.pre", STRING, "default"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, [t for t, _ in tokens])),
        ("tokenizer.ggml.scores", ARRAY, (FLOAT32, [0.0] * len(tokens))),
        ("tokenizer.ggml.token_type", ARRAY, (INT32, [k for _, k in tokens])),
        ("tokenizer.ggml.unknown_token_id", UINT32, 0),
        ("tokenizer.ggml.bos_token_id", UINT32, 1),
        ("tokenizer.ggml.eos_token_id", UINT32, 2),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.chat_template", STRING, "{% for m in messages %}{{ m['content'] }}{% endfor %}"),
    ]
    block = "blk.0."
    square = [block + f"attn_{part}.weight" for part in ("q", "k", "v", "output")]
    shapes = [("token_embd.weight", (WIDTH, len(tokens))), ("output.weight", (WIDTH, len(tokens)))]
    shapes += [(name, (WIDTH, WIDTH)) for name in square]
    shapes += [(block + f"ffn_{part}.weight", (WIDTH, inner)) for part in ("gate", "up")]
    shapes += [(block + "ffn_down.weight", (inner, WIDTH))]
    shapes += [(name, (WIDTH,)) for name in ("output_norm.weight", block + "attn_norm.weight", block + "ffn_norm.weight")]

    head = struct.pack("<4sIQQ", b"GGUF", 3, len(shapes), len(fields))
    for key, kind, value in fields:
        head += packed(STRING, key) + struct.pack("<I", kind) + packed(kind, value)
    body = b""
    for name, shape in shapes:
        head += packed(STRING, name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(body))
        count = shape[0] * (shape[1] if len(shape) == 2 else 1)
        drawn = min(count, WIDTH * len(tokens))  # zeros take as long to multiply
        weights = [1.0] * count if len(shape) == 1 else [chance.gauss(0, 0.3) for _ in range(drawn)]
        weights += [0.0] * (count - len(weights))
        if name == "output.weight":
            others = sum(k != NORMAL for _, k in tokens) * WIDTH  # they come first
            weights[:others] = [0.0] * others
        data = array.array("f", weights).tobytes()
        body += data + padding(len(data))
    with open(path, "wb") as file:
        file.write(head + padding(len(head)) + body)


def main(kind, port, inner=INNER):
    write(MODEL, int(inner))
    params = xllamacpp.CommonParams()
    params.model.path = MODEL
    params.hostnames = ["0.0.0.0"]
    params.port = int(port)
    params.n_parallel = SLOTS
    params.n_ctx = CONTEXT * SLOTS
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.sampling.ignore_eos = True  # every answer as long as asked for: a short one is one that was cut
    params.chat_template = os.environ.get("CHAT_TEMPLATE", "")
    if kind == "embeddings":
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = xllamacpp.Server(params)
    print("serving", kind, "at", server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main(*sys.argv[1:])
