package dev.muster.lab;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a bundle comes from.
 *
 * @param where a file or an http(s) URL
 * @param patience with a server that sends nothing
 */
public record BundleSource(String where, Duration patience) {
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
    return new BundleSource(where, PATIENCE);
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
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(where)).timeout(patience).build();
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        answer.body().close();
        throw new IOException("the server answers " + answer.statusCode());
      }
      return new PatientStream(answer.body(), patience, client::shutdownNow);
    } catch (ConnectException e) {
      throw new IOException("nobody listens there");
    } catch (HttpTimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s");
    } catch (IllegalArgumentException e) {
      throw new WrongLabException(where + " is no URL: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while fetching " + where);
    }
  }

  /** What went wrong with it, in a sentence that names it. */
  LabException trouble(IOException e) {
    return new LabException("the bundle " + where + ": " + Trouble.why(e));
  }
}
