package dev.muster.lab.registry;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.source.Proxies;
import java.net.URI;

/** A place in a registry: {@code oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST]}. */
public record OciReference(ImageReference image) {
  public static final String SCHEME = "oci://";
  private static final String FORM =
      ": it should be oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST]";

  /**
   * Without tag and digest the tag is latest, as everywhere.
   *
   * @throws WrongLabException if it is none
   */
  public static OciReference of(String where) {
    String name = where.substring(SCHEME.length());
    String registry = name.substring(0, Math.max(0, name.indexOf('/')));
    // without them the first part would be a folder of docker.io's
    if (!registry.matches(".*[.:].*|localhost")) {
      throw new WrongLabException(where + " names no registry" + FORM);
    }
    try {
      return new OciReference(ImageReference.parse(name));
    } catch (InvalidImageReferenceException e) {
      throw new WrongLabException(where + " is no place in a registry" + FORM);
    }
  }

  /** A tag or a digest. */
  public String qualifier() {
    return image.getQualifier();
  }

  /** Whether it names what is there by its digest. */
  public boolean byDigest() {
    return qualifier().startsWith("sha256:");
  }

  /** What the repository has by that digest. */
  public String at(String digest) {
    return SCHEME + image.getRegistry() + "/" + image.getRepository() + "@" + digest;
  }

  /** Something of the repository; without TLS on this machine alone, as Docker has it. */
  URI uri(String path) {
    String scheme = Proxies.loopback(host(image.getRegistry())) ? "http" : "https";
    return URI.create(
        "%s://%s/v2/%s/%s".formatted(scheme, image.getRegistry(), image.getRepository(), path));
  }

  private static String host(String registry) {
    int port = registry.lastIndexOf(':');
    return port < 0 ? registry : registry.substring(0, port);
  }
}
