package dev.muster.lab.build;

import java.nio.file.Path;

/**
 * A file of the cache, to be packed.
 *
 * @param path in the cache
 * @param component and its version, as the manifest of a bundle tells them
 */
public record CachedFile(String path, Path file, String component, String version) {}
