package dev.muster.lab.node;

import java.nio.file.Path;

/**
 * A container image in a file.
 *
 * @param name with tag, like {@code muster.dev/pause:1}
 * @param archive docker-archive tar that containerd imports
 * @param digest sha256 of what went into it: the cache key
 */
public record Image(String name, Path archive, String digest) {}
