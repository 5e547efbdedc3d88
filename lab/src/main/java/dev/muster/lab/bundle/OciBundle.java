package dev.muster.lab.bundle;

import dev.muster.lab.host.Digests;
import dev.muster.lab.registry.OciReference;
import dev.muster.lab.registry.OciRegistry;
import dev.muster.lab.registry.VerifiedStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A bundle in a registry: an artifact of one layer, which is the bundle's file. */
record OciBundle(OciRegistry registry) {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String ARTIFACT = "application/vnd.muster.bundle.v1";
  private static final String LAYER = ARTIFACT + ".tar+zstd";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";
  private static final String ALGORITHM = "sha256:";

  /** As the OCI image specification 1.1 has it. */
  private record Manifest(
      int schemaVersion,
      String mediaType,
      String artifactType,
      Descriptor config,
      List<Descriptor> layers,
      Map<String, String> annotations) {}

  private record Descriptor(
      String mediaType, String digest, long size, Map<String, String> annotations) {}

  /**
   * Its bytes, with an error at their end where they are not those that the registry announced.
   *
   * @param sha256 hexadecimal, what their digest must be; null where nobody knows it
   * @throws IOException where it cannot be had, or is announced with another digest
   */
  InputStream pull(@Nullable String sha256) throws IOException {
    OciReference reference = registry.reference();
    byte[] manifest = registry.manifest(MANIFEST);
    String found = ALGORITHM + Digests.bytes(manifest);
    if (reference.byDigest() && !reference.qualifier().equals(found)) {
      throw new IOException(
          "the registry's manifest has the digest %s, not %s"
              .formatted(found, reference.qualifier()));
    }
    String layer = layer(manifest);
    if (sha256 != null && !layer.equals(ALGORITHM + sha256)) {
      throw new IOException("its digest is %s, not sha256:%s".formatted(layer, sha256));
    }
    return new VerifiedStream(registry.blob(layer), layer.substring(ALGORITHM.length()));
  }

  private static String layer(byte[] manifest) throws IOException {
    JsonNode layers;
    try {
      layers = new JsonMapper().readTree(manifest).path("layers");
    } catch (JacksonException e) {
      throw new IOException("the registry's manifest can not be read: " + e.getOriginalMessage());
    }
    if (layers.size() != 1) {
      throw new IOException(
          "what the registry has there is no bundle: it has %d layers, not one"
              .formatted(layers.size()));
    }
    String digest = layers.path(0).path("digest").asString("");
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new IOException("the registry's manifest names no sha256 of its layer");
    }
    return digest;
  }

  /**
   * Puts it there under the tag. The same bundle gives the same manifest.
   *
   * @return the manifest's digest, like {@code sha256:0a…}
   * @throws IOException if the registry cannot be reached or refuses
   */
  String push(Path file, Bundle.Good good) throws IOException {
    byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
    var config =
        new Descriptor(EMPTY, ALGORITHM + Digests.bytes(nothing), nothing.length, Map.of());
    BundleManifest of = good.manifest();
    String name = "muster-bundle-%s-linux-%s.tar.zst".formatted(of.version(), of.architecture());
    var layer =
        new Descriptor(
            LAYER,
            ALGORITHM + good.sha256(),
            Files.size(file),
            Map.of("org.opencontainers.image.title", name)); // under which oras writes it
    registry.upload(config.digest(), nothing);
    registry.upload(layer.digest(), file);
    byte[] manifest =
        new JsonMapper()
            .writeValueAsBytes(
                new Manifest(
                    2,
                    MANIFEST,
                    ARTIFACT,
                    config,
                    List.of(layer),
                    Map.of("org.opencontainers.image.version", of.version())));
    registry.manifest(MANIFEST, manifest);
    return ALGORITHM + Digests.bytes(manifest);
  }
}
