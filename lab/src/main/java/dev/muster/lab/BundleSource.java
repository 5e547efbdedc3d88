package dev.muster.lab;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where a bundle comes from.
 *
 * @param where a file or an http(s) URL
 * @param patience with a server that sends nothing
 * @param environment names proxies
 */
public record BundleSource(String where, Duration patience, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * @throws WrongLabException if it is neither a file's name nor an http(s) URL
   */
  public BundleSource {
    if (where.contains("://") && !isUrl(where)) {
      throw new WrongLabException(
          where + ": a bundle is a file, or comes by an http:// or https:// URL");
    }
  }

  public static BundleSource of(String where) {
    return new BundleSource(where, PATIENCE, System.getenv());
  }

  private static boolean isUrl(String where) {
    return where.startsWith("http://") || where.startsWith("https://");
  }

  /**
   * Its bytes; closed by the caller.
   *
   * @throws IOException where it can not be had
   */
  InputStream open() throws IOException {
    if (!isUrl(where)) {
      Path file = Path.of(where);
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      return Files.newInputStream(file);
    }
    Http http = new Http(patience, environment);
    try {
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

  /** What went wrong with it, in a sentence that names it. */
  LabException trouble(IOException e) {
    return new LabException("the bundle " + where + ": " + Trouble.why(e));
  }
}
