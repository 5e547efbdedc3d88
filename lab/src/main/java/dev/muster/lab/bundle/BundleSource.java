package dev.muster.lab.bundle;

import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.lab.registry.DockerLogin;
import dev.muster.lab.registry.Http;
import dev.muster.lab.registry.OciReference;
import dev.muster.lab.registry.OciRegistry;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a bundle comes from.
 *
 * @param where a file, an http(s) URL, or {@code oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST]}
 * @param patience with a server that sends nothing
 * @param environment names proxies, and the folder in which docker login keeps credentials
 */
public record BundleSource(String where, Duration patience, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * @throws WrongLabException if it is neither a file's name nor such a URL
   */
  public BundleSource {
    if (where.startsWith(OciReference.SCHEME)) {
      OciReference.of(where);
    } else if (where.contains("://") && !isUrl(where)) {
      throw new WrongLabException(
          where + ": a bundle is a file, or comes by a URL with http://, https:// or oci://");
    }
  }

  public static BundleSource of(String where) {
    return new BundleSource(where, PATIENCE, System.getenv());
  }

  /**
   * Where a bundle goes to.
   *
   * @throws WrongLabException if it is no tag of a registry
   */
  public static BundleSource registry(String where) {
    if (!where.startsWith(OciReference.SCHEME) || OciReference.of(where).byDigest()) {
      throw new WrongLabException(
          where + " is no place for a bundle: it is pushed to oci://REGISTRY/REPOSITORY[:TAG]");
    }
    return of(where);
  }

  private static boolean isUrl(String where) {
    return where.startsWith("http://")
        || where.startsWith("https://")
        || where.startsWith(OciReference.SCHEME);
  }

  /**
   * Its bytes; closed by the caller.
   *
   * @param sha256 hexadecimal, what their digest will have to be; a registry that tells another is
   *     not asked for more. Null where nobody knows it
   * @throws IOException where it cannot be had
   */
  InputStream open(@Nullable String sha256) throws IOException {
    if (!isUrl(where)) {
      Path file = Path.of(where);
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      return Files.newInputStream(file);
    }
    Http http = new Http(patience, environment);
    try {
      if (where.startsWith(OciReference.SCHEME)) {
        return registry(http).pull(sha256);
      }
      HttpResponse<InputStream> answer = http.get(URI.create(where), Map.of());
      if (answer.statusCode() != 200) {
        throw new IOException("the server answers " + answer.statusCode());
      }
      return http.patient(answer.body());
    } catch (IllegalArgumentException e) {
      http.close();
      throw new WrongLabException(where + " is no URL: " + e.getMessage());
    } catch (IOException | LabException e) {
      http.close();
      throw e;
    }
  }

  private OciBundle registry(Http http) {
    OciReference reference = OciReference.of(where);
    DockerLogin login = DockerLogin.of(environment);
    return new OciBundle(new OciRegistry(reference, http, login));
  }

  /**
   * Puts a bundle there.
   *
   * @param file what was found good
   * @return the address that will always mean this bundle, by the digest of the manifest
   * @throws LabException if the registry cannot be reached or refuses
   */
  public String push(Path file, Bundle.Good good) {
    try (Http http = new Http(patience, environment)) {
      return OciReference.of(where).at(registry(http).push(file, good));
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** The environment may hold passwords. */
  @Override
  public String toString() {
    return where;
  }

  /** What went wrong with it, in a sentence that names it. */
  LabException trouble(IOException e) {
    return new LabException("the bundle " + where + ": " + Trouble.why(e));
  }
}
